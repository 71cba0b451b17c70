"""Best practices, for programs: frozen words for readers, the working copy for curators."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import answer_all, page_shape
from config.rest.permissions import ReadOrEdit
from config.rest.serializers import Serializer
from config.rest.shapes import one_of
from config.rest.verb_actions import actions_of, serves_verbs
from config.rest.views import ViewSet
from experiences.api.checked import Checked
from experiences.api.filters import SEVERAL, KnownByState, answer_list, filter_parameters
from experiences.api.redaction import Withholding
from experiences.api.serializers import (
    ExperienceSerializer,
    experience_item_shape,
    experience_shape,
)
from experiences.api.serializers import list_items as report_items
from experiences.api.verb_bodies import NoteSerializer, OptionalNoteSerializer, WithholdSerializer
from experiences.forms import default_language
from experiences.models import Experience
from practices.api.claims import ClaimSerializer, role_for, working_claim_data, working_claim_shape
from practices.api.comments import CommentSerializer, comment_data, comment_shape
from practices.api.grades import grade_move_data, grade_move_shape
from practices.api.serializers import (
    PracticeSerializer,
    practice_item_shape,
    practice_shape,
    practice_version_shape,
    stored_items,
)
from practices.api.trials import TrialSerializer, trial_data, trial_shape
from practices.api.verb_bodies import GatherSerializer, LowerSerializer, RetireSerializer
from practices.api.versions import version_data, version_item, version_item_shape
from practices.forms import TranslateForm
from practices.models import Practice, PracticeVersion, Trial
from practices.search.filters import PracticeFilterSet
from practices.search.pages import page_validator
from practices.verbs import MODERATION, VERBS


def practice_parameters():
    """Yield (name, description, schema) of what the list of practices takes."""
    yield from filter_parameters(PracticeFilterSet)
    yield "min_grade", "The least grade.", one_of(Practice.Grade.names)
    yield "practice", "The id of a practice; repeated: any of them.", SEVERAL


material_shape = page_shape(experience_item_shape, "MaterialList")


class TranslateSerializer(Checked, Serializer):
    checked = TranslateForm.checked
    title = fields.Text(Practice._meta.get_field("title"))
    language = fields.Choice(Experience.Language.values, default="")


class FollowSerializer(Serializer):
    version = fields.Whole()


@serves_verbs(
    MODERATION,
    {"let-stand": OptionalNoteSerializer, "hide": OptionalNoteSerializer, "take-down": NoteSerializer},
)
@serves_verbs(VERBS, {"return": NoteSerializer, "lower": LowerSerializer, "retire": RetireSerializer})
class PracticeViewSet(Withholding, KnownByState, ViewSet):
    """Best practices."""

    serializer_class = PracticeSerializer
    shape = practice_shape
    filterset, row_state = PracticeFilterSet, staticmethod(page_validator)
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,80}"
    lookup_description = "The slug."
    permission_classes = [ScopeAllows, ReadOrEdit]

    def get_queryset(self):
        return Practice.objects.visible_to(self.request.user).for_detail()

    def get_object(self):
        """Return the practice; where a moderator took it down, the answer says so."""
        found = self.get_queryset().get_at(self.kwargs["slug"])
        self.check_object_permissions(self.request, found)
        return found

    def get_serializer_context(self):
        # Whoever changes a practice reads back the copy that was changed.
        as_read = ("retrieve", "publish", "retire", "withhold", *actions_of(MODERATION))
        copy = "" if self.action in as_read else "working"
        return super().get_serializer_context() | {"copy": self.request.query_params.get("copy", copy)}

    @describes(answers=page_shape(practice_item_shape, searched=True), parameters=practice_parameters)
    def list(self, request):
        """Find published practices."""
        filterset = PracticeFilterSet(request.query_params, user=request.user)
        return answer_list(request, filterset, stored_items)

    @describes(parameters={"copy": "For curators: “published” (default) or “working”."})
    def retrieve(self, request, slug):
        """Read a practice: the current version; for curators, also the working copy."""
        wanted = request.query_params.get("copy", "published")
        if wanted not in ("published", "working"):
            raise ValidationError({"copy": _("Choose among: published, working.")})
        if wanted == "working" and not request.user.has_perm("practices.curate_practice"):
            self.permission_denied(request, _("Only curators read the working copy."))
        return self.answer_row(request, slug=slug)

    @describes(takes=PracticeSerializer, code=201)
    def create(self, request):
        """Begin a draft, as a curator."""
        if not request.user.has_perm("practices.curate_practice"):
            raise PermissionDenied
        return once(request, self.create_and_answer)

    @describes(takes=PracticeSerializer)
    def update(self, request, slug, partial=False):
        """Change the working copy; a field left out keeps its value."""
        return self.update_and_answer(partial)

    @describes(takes=PracticeSerializer)
    def partial_update(self, request, slug):
        """Change some fields of the working copy."""
        return self.update(request, slug, partial=True)

    def get_object_for_verb(self):
        """Return the practice for a verb; members are refused first: the version they read is another's."""
        try:
            role_for(self.action, MODERATION)(self.request.user)
        except PermissionDenied:
            self.get_object()  # What they may not know of is not there.
            raise
        return super().get_object_for_verb()

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    @describes(takes=TranslateSerializer, code=201, heeds_version=True)
    def translate(self, request, slug):
        """Begin a translation with the words, claims and standing evidence that readers see."""
        practice = self.get_object_for_verb()

        def create():
            made = practice.translate(by=request.user, **self.read_body())
            return self.answer_with(made, status.HTTP_201_CREATED)

        return once(request, create)

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    @describes(takes=FollowSerializer, heeds_version=True)
    def follow(self, request, slug):
        """Say that a translation follows this version of its original, and take over what is new there."""
        practice, number = self.get_object_for_verb(), self.read_body()["version"]
        version = PracticeVersion.objects.filter(practice=practice.translation_of_id, number=number).first()
        if version is None:
            raise ValidationError({"version": _("Choose a version of the original.")})
        return self.answer_with(practice.follow(version, by=request.user))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    @describes(takes=ClaimSerializer, answers=working_claim_shape, code=201, heeds_version=True)
    def claims(self, request, slug):
        """Add a claim to the working copy."""
        practice = self.get_object_for_verb()

        def create():
            claim = practice.add_claim(by=request.user, **self.read_body(practice))
            return Response(working_claim_data(claim), status=status.HTTP_201_CREATED)

        return once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    @describes(answers=material_shape)
    def material(self, request, slug):
        """Read the reports beside the working copy, as a curator: those gathered, and those it cites."""
        practice = self.get_object()
        if not request.user.has_perm("practices.curate_practice"):
            self.permission_denied(request, _("Only curators read the working copy."))
        return self.answer_with_material(practice)

    @material.mapping.post
    @describes(takes=GatherSerializer, answers=material_shape, heeds_version=True)
    def gather(self, request, slug):
        """Put published reports beside the working copy; those already there stay once."""
        practice = self.get_object_for_verb()
        return self.answer_with_material(practice.gather(self.read_body()["experiences"], by=request.user))

    @action(
        detail=True, methods=["delete"], permission_classes=[ScopeAllows],
        url_path="material/(?P<public_id>[a-z0-9]{12})",
    )  # fmt: skip
    @describes(code=204, path={"public_id": "The id of the report."}, heeds_version=True)
    def put_back(self, request, slug, public_id):
        """Take a report from the material; what it is cited for stays."""
        practice = self.get_object_for_verb()
        practice.put_back(get_object_or_404(self.material_of(practice), public_id=public_id), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def answer_with_material(self, practice):
        rows = self.material_of(practice).for_list().order_by("order_key", "pk")
        return answer_all(report_items(rows, {"request": self.request}))

    def material_of(self, practice):
        return practice.gathered().filter(pk__in=Experience.objects.visible_to(self.request.user))

    @action(detail=True, permission_classes=[ScopeAllows])
    @describes(answers=page_shape(comment_shape))
    def comments(self, request, slug):
        """Read what curators say to each other of the working copy."""
        practice = self.get_object()
        if not request.user.has_perm("practices.curate_practice"):
            self.permission_denied(request, _("Only curators read comments."))
        found = practice.comments.visible_to(request.user).select_related("by")
        return answer_all([comment_data(row) for row in found])

    @comments.mapping.post
    @describes(takes=CommentSerializer, answers=comment_shape, code=201, heeds_version=True)
    def comment(self, request, slug):
        """Say something of the working copy, or of one of its claims."""
        practice = self.get_object_for_verb()

        def create():
            given = self.read_body()
            claim = self.claim_to_comment(practice, given["claim"])
            said = practice.comment(by=request.user, text=given["text"], claim=claim)
            return Response(comment_data(said), status=status.HTTP_201_CREATED)

        return once(request, create)

    def claim_to_comment(self, practice, pk):
        if pk is None:
            return None
        found = practice.claims().filter(pk=pk).first()
        if found is None:
            raise ValidationError({"claim": _("Choose a claim of the working copy.")})
        return found

    @action(
        detail=True, methods=["post"], permission_classes=[ScopeAllows],
        url_path="comments/(?P<number>[0-9]{1,15})/settle",
    )  # fmt: skip
    @describes(answers=comment_shape, path={"number": "The id of the comment."}, heeds_version=True)
    def settle(self, request, slug, number):
        """Say that nothing is left to do about a comment."""
        practice = self.get_object_for_verb()
        self.refuse_body()
        comment = get_object_or_404(practice.comments.visible_to(request.user), pk=number)
        return Response(comment_data(comment.settle(by=request.user)))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    @describes(takes=WithholdSerializer)
    def withhold(self, request, slug):
        """Put “[withheld]” where these words stand in it and in its versions, as a moderator."""
        practice = self.get_object()
        practice.withhold_words(by=request.user, **self.read_body())
        return self.answer_with(practice)

    @action(detail=True, permission_classes=[ScopeAllows])
    @describes(answers=page_shape(trial_shape))
    def trials(self, request, slug):
        """Read who tried it, and what came of it."""
        return answer_all([trial_data(trial) for trial in self.get_object().trials_for(request.user)])

    @trials.mapping.post
    @describes(takes=TrialSerializer, answers=trial_shape, code=201, limit="trials")
    def try_out(self, request, slug):
        """Say “I tried this”, or change what one said."""
        practice = self.get_object()

        def create():
            trial = practice.try_out(by=request.user, **self.read_body(practice))
            prefetch_related_objects([trial], "contexts__facet")
            return Response(trial_data(trial), status=status.HTTP_201_CREATED)

        return once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    @describes(answers=page_shape(grade_move_shape))
    def grades(self, request, slug):
        """Read how its grade moved, from the first publication on: when, by which rule, and why."""
        lines = self.get_object().log.public().filter(verb="graded").order_by("pk")
        return answer_all([grade_move_data(line) for line in lines])

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows], url_path="trial/grow")
    @describes(answers=experience_shape)
    def grow(self, request, slug):
        """Begin the report that tells the whole story of one's trial; asked again, answer the same one."""
        self.refuse_body()
        trial = get_object_or_404(Trial, practice=self.get_object(), by=request.user)
        report = trial.grow(by=request.user, language=default_language())
        report = Experience.objects.visible_to(request.user).for_detail().get(pk=report.pk)
        return Response(ExperienceSerializer(report, context=self.get_serializer_context()).data)

    @action(detail=True, permission_classes=[ScopeAllows], url_path="versions")
    @describes(answers=page_shape(version_item_shape))
    def version_list(self, request, slug):
        """Read which versions there are, and what each changed, the newest first."""
        practice = self.get_object()
        found = practice.versions.for_list()
        return answer_all([version_item(practice, row, {"request": request}) for row in found])

    @action(detail=True, permission_classes=[ScopeAllows], url_path="versions/(?P<number>[0-9]{1,6})")
    @describes(
        answers=practice_version_shape,
        path={"number": "The number of the version."},
    )
    def versions(self, request, slug, number):
        """Read a frozen version, for ever."""
        practice = self.get_object()
        rows = practice.versions.select_related("follows_version").prefetch_related(
            "claims__evidence__report"
        )
        version = get_object_or_404(rows, number=number)
        return Response(version_data(practice, version, {"request": request}))
