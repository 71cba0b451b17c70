"""Best practices, for programs: frozen words for readers, the working copy for curators."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest import views
from experiences.api.reports import ExperienceSerializer, NoteSerializer
from experiences.forms import default_language
from experiences.models import Experience
from practices.api.serializers import (
    ClaimSerializer,
    CommentSerializer,
    EvidenceSerializer,
    FollowSerializer,
    PracticeSerializer,
    RetireSerializer,
    TranslateSerializer,
    TrialSerializer,
    claims_data,
    comment_data,
    evidence_data,
    frozen_data,
    list_items,
    shared_data,
    trial_data,
    version_item,
)
from practices.models import Claim, Practice, PracticeVersion
from practices.search.filters import PracticeFinder
from practices.views import grade_history


class PracticeViewSet(views.ViewSet):
    """Best practices."""

    serializer_class = PracticeSerializer
    finder = PracticeFinder
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,80}"
    permission_classes = [ScopeAllows, views.ReadOrEdit]
    params = {"retrieve": ("copy",)}

    def get_queryset(self):
        return Practice.objects.visible_to(self.request.user).for_detail()

    def get_serializer_context(self):
        # Whoever changes a practice reads back the copy that was changed.
        copy = "" if self.action in ("retrieve", "publish", "retire") else "working"
        return super().get_serializer_context() | {"copy": self.request.query_params.get("copy", copy)}

    def list(self, request):
        """Find published practices."""
        finder = PracticeFinder(request.query_params, user=request.user)
        page = finder.page()
        return views.answer_page(request, page, list_items(page.rows, {"request": request}), finder)

    def retrieve(self, request, slug):
        """Read a practice: the current version; for curators, also the working copy."""
        wanted = request.query_params.get("copy", "published")
        if wanted not in ("published", "working"):
            raise ValidationError({"copy": _("Choose among: published, working.")})
        if wanted == "working" and not request.user.has_perm("practices.curate_practice"):
            self.permission_denied(request, _("Only curators read the working copy."))
        return Response(self.get_serializer(self.get_object()).data)

    def create(self, request):
        """Begin a draft, as a curator."""
        if not request.user.has_perm("practices.curate_practice"):
            raise PermissionDenied
        return views.once(request, self.made)

    def update(self, request, slug, partial=False):
        """Change the working copy; a field left out keeps its value."""
        return self.changed(partial)

    def partial_update(self, request, slug):
        """Change some fields of the working copy."""
        return self.update(request, slug, partial=True)

    def to_act_on(self):
        """Return the practice for a verb; members are refused first, as the version they read is another's."""
        if not self.request.user.has_perm("practices.curate_practice"):
            self.get_object()
            raise PermissionDenied
        return super().to_act_on()

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def submit(self, request, slug):
        """Send the working copy to a second curator."""
        self.nothing_given()
        return self.answer(self.to_act_on().submit(by=request.user))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def publish(self, request, slug):
        """Freeze the working copy as the next version, as a curator who did not edit it."""
        self.nothing_given()
        return self.answer(self.to_act_on().publish(by=request.user))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows], url_path="return")
    def return_to_curators(self, request, slug):
        """Send it back from review, with a sentence that says why."""
        practice = self.to_act_on()
        return self.answer(practice.return_to_curators(by=request.user, **self.given(NoteSerializer)))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def reopen(self, request, slug):
        """Begin a revision; readers keep the current version meanwhile."""
        self.nothing_given()
        return self.answer(self.to_act_on().reopen(by=request.user))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def retire(self, request, slug):
        """Take it out of use, for another practice or for a reason."""
        practice, given = self.to_act_on(), self.given(RetireSerializer)
        return self.answer(
            practice.retire(by=request.user, heir=self.heir(given["heir"]), note=given["note"])
        )

    def heir(self, slug):
        if not slug:
            return None
        found = Practice.objects.visible_to(self.request.user).filter(slug=slug[:80]).first()
        if found is None:
            raise ValidationError({"heir": _("There is no practice with this id.")})
        return found

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def translate(self, request, slug):
        """Begin a translation with the words, claims and standing evidence that readers see."""
        practice = self.to_act_on()

        def create():
            made = practice.translate(by=request.user, **self.given(TranslateSerializer))
            return self.answer(made, status.HTTP_201_CREATED)

        return views.once(request, create)

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def follow(self, request, slug):
        """Say that a translation follows this version of its original, and take over what is new there."""
        practice, number = self.to_act_on(), self.given(FollowSerializer)["version"]
        version = PracticeVersion.objects.filter(practice=practice.translation_of_id, number=number).first()
        if version is None:
            raise ValidationError({"version": _("Choose a version of the original.")})
        return self.answer(practice.follow(version, by=request.user))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def claims(self, request, slug):
        """Add a claim to the working copy."""
        practice = self.to_act_on()

        def create():
            claim = practice.add_claim(by=request.user, **self.given(ClaimSerializer))
            return Response(claims_data([claim], True)[0], status=status.HTTP_201_CREATED)

        return views.once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    def comments(self, request, slug):
        """Read what curators say to each other of the working copy."""
        practice = self.get_object()
        if not request.user.has_perm("practices.curate_practice"):
            self.permission_denied(request, _("Only curators read comments."))
        found = practice.comments.visible_to(request.user).select_related("by")
        return views.answer_all([comment_data(row) for row in found])

    @comments.mapping.post
    def comment(self, request, slug):
        """Say something of the working copy, or of one of its claims."""
        practice = self.to_act_on()

        def create():
            given = self.given(CommentSerializer)
            claim = self.claim_to_comment(practice, given["claim"])
            said = practice.comment(by=request.user, text=given["text"], claim=claim)
            return Response(comment_data(said), status=status.HTTP_201_CREATED)

        return views.once(request, create)

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
    def settle(self, request, slug, number):
        """Say that nothing is left to do about a comment."""
        practice = self.to_act_on()
        self.nothing_given()
        comment = get_object_or_404(practice.comments.visible_to(request.user), pk=number)
        return Response(comment_data(comment.settle(by=request.user)))

    @action(detail=True, permission_classes=[ScopeAllows])
    def trials(self, request, slug):
        """Read who tried it, and what came of it."""
        return views.answer_all([trial_data(trial) for trial in self.get_object().trials.all()])

    @trials.mapping.post
    def try_out(self, request, slug):
        """Say “I tried this”, or change what one said."""
        practice = self.get_object()

        def create():
            trial = practice.try_out(by=request.user, **self.given(TrialSerializer))
            prefetch_related_objects([trial], "contexts__facet")
            return Response(trial_data(trial), status=status.HTTP_201_CREATED)

        return views.once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    def grades(self, request, slug):
        """Read how its grade moved, from the first publication on: when, by which rule, and why."""
        lines = self.get_object().log.public().filter(verb="graded").order_by("pk")
        return views.answer_all([grade_history.data_of(line) for line in lines])

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows], url_path="trial/grow")
    def grow(self, request, slug):
        """Begin the report that tells the whole story of one's trial; asked again, answer the same one."""
        self.nothing_given()
        trial = get_object_or_404(self.get_object().trials, by=request.user)
        report = trial.grow(by=request.user, language=default_language())
        report = Experience.objects.visible_to(request.user).for_detail().get(pk=report.pk)
        return Response(ExperienceSerializer(report, context=self.get_serializer_context()).data)

    @action(detail=True, permission_classes=[ScopeAllows], url_path="versions")
    def version_list(self, request, slug):
        """Read which versions there are, and what each changed, the newest first."""
        practice = self.get_object()
        found = practice.versions.for_list()
        return views.answer_all([version_item(practice, row, {"request": request}) for row in found])

    @action(detail=True, permission_classes=[ScopeAllows], url_path="versions/(?P<number>[0-9]{1,6})")
    def versions(self, request, slug, number):
        """Read a frozen version, for ever."""
        practice = self.get_object()
        rows = practice.versions.select_related("follows_version").prefetch_related(
            "claims__evidence__report"
        )
        version = get_object_or_404(rows, number=number)
        data = shared_data(practice, {"request": request}) | frozen_data(practice, version)
        data["claims"] = claims_data(version.claims.all(), working=False)
        return Response(data)


class ClaimViewSet(views.ViewSet):
    """Claims of practices."""

    serializer_class = EvidenceSerializer
    lookup_value_regex = "[0-9]{1,15}"

    def get_queryset(self):
        user = self.request.user
        claims = Claim.objects.filter(practice__in=Practice.objects.visible_to(user))
        if not user.has_perm("practices.curate_practice"):
            claims = claims.filter(version__isnull=False)
        return claims.select_related("practice")

    @action(detail=True, methods=["post"])
    def evidence(self, request, pk):
        """Attach a report to a claim of the working copy, with the words that say so."""
        claim = self.get_object()

        def create():
            given = self.given(EvidenceSerializer)
            report = self.report(given.pop("experience"))
            row = claim.cite(report, by=request.user, **given)
            return Response(evidence_data(row), status=status.HTTP_201_CREATED)

        return views.once(request, create)

    def report(self, public_id):
        found = Experience.objects.visible_to(self.request.user).filter(public_id=public_id[:12]).first()
        if found is None or found.public_id != public_id:
            raise ValidationError({"experience": _("There is no report with this id.")})
        return found
