"""Claims of practices and their evidence, for programs."""

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.idempotency import once
from config.rest import fields
from config.rest.conditional import require_match
from config.rest.operations import describes
from config.rest.pages import answer_all, page_shape
from config.rest.serializers import Serializer
from config.rest.shapes import DAY, TEXT, TRUTH, WHOLE, component, many, nullable, properties_of, thing
from config.rest.verb_actions import actions_of, serves_verbs
from config.rest.views import ViewSet
from experiences.api.checked import Checked
from experiences.api.verb_bodies import NoteSerializer, OptionalNoteSerializer
from experiences.models import Experience
from experiences.models.flags import is_moderator, require_moderator
from practices.grading.following import Followed
from practices.models import Claim, Evidence, Practice
from practices.models.practice.state import require_curator
from practices.verbs import CLAIM_MODERATION


class ClaimSerializer(Checked, Serializer):
    kind = fields.Choice(Claim.Kind.values, default=Claim.Kind.DO)
    text = fields.Text(Claim._meta.get_field("text"))
    opinion = fields.Truth(default=False)


class ReviseSerializer(Checked, Serializer):
    kind = fields.Choice(Claim.Kind.values, required=False)
    text = fields.Text(Claim._meta.get_field("text"), required=False)
    opinion = fields.Truth(required=False)
    example = {"text": "Announce the end date two months ahead."}


class MoveSerializer(Serializer):
    places = fields.Whole(help_text="How many places down the list; up, when it is negative.")
    example = {"places": -1}


class EvidenceSerializer(Checked, Serializer):
    checked = Evidence.CHECKED
    experience = fields.Text()
    bearing = fields.Choice(Evidence.Bearing.values)
    excerpt = fields.Text(Evidence._meta.get_field("excerpt"), help_text="Word for word from the report.")
    note = fields.Text(Evidence._meta.get_field("note"), default="")
    followed = fields.Choice(
        Followed.values,
        blank=True,
        default="",
        help_text="Whether its people did what the claim says; left out, as follows from claim and bearing.",
    )
    followed_reason = fields.Text(
        Evidence._meta.get_field("followed_reason"), default="", help_text="Needed where that is corrected."
    )


def claims_data(claims, working):
    return [claim_data(claim, working) for claim in claims]


def claim_data(claim, working):
    """Return a claim with its evidence; in the working copy with the reason for which it was removed."""
    data = {
        "id": claim.pk,
        "kind": claim.kind,
        "text": claim.text,
        "opinion": claim.opinion,
        "evidence": [evidence_data(row, working) for row in claim.evidence.all() if shows(row, working)],
    }
    removed = (
        {"on": claim.removed_at.date().isoformat(), "note": claim.removal_note} if claim.is_removed else None
    )
    return data | {"removed": removed} if working else data


def working_claim_data(claim):
    """Return a claim of the working copy, with the version that the next change is held to."""
    return claims_data([claim], working=True)[0] | {"edit_version": claim.practice.edit_version}


def shows(row, working):
    """Readers see what published reports say; the desk also what was taken back, but nothing hidden."""
    S = Experience.Status
    return row.report.status == S.PUBLISHED or (working and row.report.status != S.HIDDEN)


def evidence_data(row, working):
    """Return evidence; in the working copy with its id, by which it is removed."""
    data = {
        "experience": row.report.public_id,
        "bearing": row.bearing,
        "excerpt": row.excerpt,
        "note": row.note,
        "followed": row.followed,
        "followed_reason": row.followed_reason,
        "stale": row.stale,
    }
    return data | {"id": row.pk} if working else data


@component("Claim")
def claim_shape():
    """In the working copy, `removed` is there too."""
    shape = thing(id=WHOLE, **properties_of(ClaimSerializer), evidence=many(evidence_shape))
    removed = {"description": "When and why a moderator removed it; in the working copy alone."}
    shape["properties"]["removed"] = nullable(thing(on=DAY, note=TEXT)) | removed
    return shape


@component("WorkingClaim")
def working_claim_shape():
    claim = claim_shape.make()["properties"]
    return thing(**claim, edit_version=WHOLE | {"description": "Of the working copy: for If-Match."})


@component("Evidence")
def evidence_shape():
    """In the working copy, `id` is there too."""
    shape = thing(**properties_of(EvidenceSerializer), stale=TRUTH)
    shape["properties"]["id"] = WHOLE | {"description": "In the working copy alone."}
    return shape


def role_for(action, of_moderators):
    """Return what refuses whoever may not do `action`: those of the table `of_moderators` take a moderator,
    all others a curator.
    """
    return require_moderator if action in actions_of(of_moderators) else require_curator


class WorkingCopyViewSet(ViewSet):
    """A view of what hangs under a practice: to change its working copy, as a curator."""

    def get_object(self):
        """Return the row; members are refused first, as the version they read is another's."""
        row = super().get_object()
        role_for(self.action, CLAIM_MODERATION)(self.request.user)
        return row


@serves_verbs(CLAIM_MODERATION, {"take-down": NoteSerializer, "let-stand": OptionalNoteSerializer})
class ClaimViewSet(WorkingCopyViewSet):
    """Claims of practices."""

    serializer_class = EvidenceSerializer
    shape = working_claim_shape
    lookup_value_regex = "[0-9]{1,15}"
    lookup_description = "The claim's id."

    def get_queryset(self):
        user = self.request.user
        curates = user.has_perm("practices.curate_practice")
        claims = Claim.everything if curates or is_moderator(user) else Claim.objects
        claims = claims.filter(practice__in=Practice.objects.visible_to(user))
        if not curates:
            claims = claims.filter(version__isnull=False)
        return claims.select_related("practice")

    def get_object_to_edit(self):
        """Return the claim, if it can be changed and the asker read its practice as it is now."""
        claim = self.get_object()
        claim.require_working_copy(self.request.user)
        require_match(self.request, self.version_of(claim))
        return claim

    def version_of(self, row):
        return row.practice.edit_version

    def data_of(self, row):
        prefetch_related_objects([row], "evidence__report")
        return working_claim_data(row)

    @describes(takes=ReviseSerializer)
    def partial_update(self, request, pk):
        """Change the kind or the words of a claim of the working copy, or whether it is an opinion."""
        claim = self.get_object_to_edit()
        return self.answer_with(claim.revise(by=request.user, **self.read_body(claim)))

    @describes(code=204, heeds_version=True)
    def destroy(self, request, pk):
        """Take a claim out of the working copy, with its evidence."""
        self.get_object_for_verb().remove(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    @describes(takes=MoveSerializer, answers=page_shape(working_claim_shape), heeds_version=True)
    def move(self, request, pk):
        """Move a claim of the working copy up or down; answer with all claims in their order."""
        claim = self.get_object_for_verb()
        practice = claim.move(self.read_body()["places"], by=request.user).practice
        return answer_all([working_claim_data(one) for one in practice.claims()])

    @action(detail=True, methods=["post"])
    @describes(takes=EvidenceSerializer, answers=evidence_shape, code=201, heeds_version=True)
    def evidence(self, request, pk):
        """Attach a report to a claim of the working copy, with the words that say so; cited again, it is
        changed.
        """
        claim = self.get_object_for_verb()

        def create():
            given = self.read_body(claim)
            report = self.report(given.pop("experience"))
            row = claim.cite(report, by=request.user, **given)
            return Response(evidence_data(row, working=True), status=status.HTTP_201_CREATED)

        return once(request, create)

    def report(self, public_id):
        found = Experience.objects.visible_to(self.request.user).filter(public_id=public_id[:12]).first()
        if found is None or found.public_id != public_id:
            raise ValidationError({"experience": _("There is no report with this id.")})
        return found


class EvidenceViewSet(WorkingCopyViewSet):
    """Evidence of the working copies of practices."""

    serializer_class = Serializer
    lookup_value_regex = "[0-9]{1,15}"
    lookup_description = "The evidence's id."

    def get_queryset(self):
        user = self.request.user
        practices = Practice.objects.visible_to(user)
        rows = Evidence.objects.filter(claim__version=None, claim__practice__in=practices)
        rows = rows if user.has_perm("practices.curate_practice") else rows.none()
        return rows.select_related("claim__practice")

    def version_of(self, row):
        return row.claim.practice.edit_version

    @describes(code=204, heeds_version=True)
    def destroy(self, request, pk):
        """Detach a report from a claim of the working copy."""
        self.get_object_for_verb().remove(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
