"""Claims of practices and their evidence, for programs."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.idempotency import once
from config.rest import fields
from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import TRUTH, WHOLE, component, many, properties_of, thing
from config.rest.views import ViewSet
from experiences.models import Experience
from practices.grading.following import Followed
from practices.models import Claim, Evidence, Practice


class ClaimSerializer(Serializer):
    kind = fields.Choice(Claim.Kind.values, default=Claim.Kind.DO)
    text = fields.Text(Claim._meta.get_field("text"))
    opinion = fields.Truth(default=False)


class EvidenceSerializer(Serializer):
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
    return [
        {
            "id": claim.pk,
            "kind": claim.kind,
            "text": claim.text,
            "opinion": claim.opinion,
            "evidence": [evidence_data(row) for row in claim.evidence.all() if shows(row, working)],
        }
        for claim in claims
    ]


def shows(row, working):
    """Readers see what published reports say; the desk also what was taken back, but nothing hidden."""
    S = Experience.Status
    return row.report.status == S.PUBLISHED or (working and row.report.status != S.HIDDEN)


def evidence_data(row):
    return {
        "experience": row.report.public_id,
        "bearing": row.bearing,
        "excerpt": row.excerpt,
        "note": row.note,
        "followed": row.followed,
        "followed_reason": row.followed_reason,
        "stale": row.stale,
    }


@component("Claim")
def claim_shape():
    return thing(id=WHOLE, **properties_of(ClaimSerializer), evidence=many(evidence_shape))


@component("Evidence")
def evidence_shape():
    return thing(**properties_of(EvidenceSerializer), stale=TRUTH)


class ClaimViewSet(ViewSet):
    """Claims of practices."""

    serializer_class = EvidenceSerializer
    lookup_value_regex = "[0-9]{1,15}"
    lookup_description = "The claim's id."

    def get_queryset(self):
        user = self.request.user
        claims = Claim.objects.filter(practice__in=Practice.objects.visible_to(user))
        if not user.has_perm("practices.curate_practice"):
            claims = claims.filter(version__isnull=False)
        return claims.select_related("practice")

    @action(detail=True, methods=["post"])
    @describes(takes=EvidenceSerializer, answers=evidence_shape, code=201)
    def evidence(self, request, pk):
        """Attach a report to a claim of the working copy, with the words that say so."""
        claim = self.get_object()

        def create():
            given = self.read_body()
            report = self.report(given.pop("experience"))
            row = claim.cite(report, by=request.user, **given)
            return Response(evidence_data(row), status=status.HTTP_201_CREATED)

        return once(request, create)

    def report(self, public_id):
        found = Experience.objects.visible_to(self.request.user).filter(public_id=public_id[:12]).first()
        if found is None or found.public_id != public_id:
            raise ValidationError({"experience": _("There is no report with this id.")})
        return found
