"""Best practices, for programs: frozen words for readers, the working copy for curators."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.authentication import ScopeAllows
from config import fields, rest
from experiences.api.fields import Contexts, Stakes, absolute, asker
from experiences.api.reports import ExperienceSerializer, NoteSerializer
from experiences.forms import default_language
from experiences.models import Experience
from experiences.models.parts import Parts
from practices import history
from practices.finding import PracticeFinder
from practices.models import Claim, Evidence, Practice, PracticeVersion


class PracticeSerializer(rest.ModelSerializer):
    """A practice: taken as its working copy, given as readers or curators read it."""

    stakes = Stakes(required=False)
    contexts = Contexts(required=False)
    # Given back as read; each changes by an address or a verb of its own.
    ignored = (
        "id", "url", "html_url", "status", "claims", "grade", "verdicts", "version", "published_on",
        "replaced_by", "edit_version", "copy", "translation_of", "translations",
    )  # fmt: skip

    unseen = ("slug",)
    parts_class = Parts
    parts_fields = ("stakes", "contexts")

    class Meta:
        model = Practice
        fields = [*Practice.WRITABLE, "stakes", "contexts", "review_due_on"]

    def to_internal_value(self, data):
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if name not in self.ignored}
        return super().to_internal_value(data)

    def to_representation(self, practice):
        user = asker(self.context)
        wanted = self.context.get("copy", "")
        curates = user.has_perm("practices.curate_practice")
        frozen = practice.current if wanted != "working" else None
        words = frozen_data(practice, frozen) if frozen else working_data(practice)
        data = shared_data(practice, self.context) | words
        data["claims"] = claims_data(frozen.claims.all() if frozen else practice.claims(), frozen is None)
        data["verdicts"] = verdicts(data_rows(frozen, practice))
        if curates:
            data |= {"edit_version": practice.edit_version, "copy": "published" if frozen else "working"}
        return data


def frozen_data(practice, version):
    return (
        words_data(version)
        | family_data(practice, version)
        | {
            "status": practice.public_status.value,
            "version": version.number,
            "published_on": version.published_at.date().isoformat(),
        }
    )


def working_data(practice):
    return (
        words_data(practice)
        | family_data(practice, practice)
        | {
            "status": practice.status,
            "version": practice.edit_version,
            "published_on": practice.current.published_at.date().isoformat() if practice.current else None,
        }
    )


def words_data(words):
    """Return what a working copy or a version says."""
    contexts = {}
    for facet, slug in words.context_slugs:
        contexts.setdefault(facet, []).append(slug)
    said = {name: getattr(words, name) for name in Practice.WRITABLE}
    return said | {"stakes": words.stake_slugs, "contexts": contexts}


def family_data(practice, words):
    """Return what the words translate, and the translations of the practice that can be read."""
    followed, original = words.follows_version, practice.translation_of
    readable = [one for one in practice.translations.all() if one.is_open_to_readers]
    return {
        "translation_of": {"id": original.slug, "version": followed.number, "latest": original.current.number}
        if followed
        else None,
        "translations": [{"id": one.slug, "language": one.current.language} for one in readable],
    }


def shared_data(practice, context):
    path = reverse("api-practice-detail", args=[practice.slug])
    due = practice.review_due_on
    return {
        "id": practice.slug,
        "url": absolute(context, path),
        "html_url": absolute(context, practice.get_absolute_url()),
        "grade": grade_data(practice),
        "review_due_on": due.isoformat() if due else None,
        "replaced_by": practice.heir.slug if practice.heir else None,
    }


def version_item(practice, version, context):
    """Return what a list says of a version: when, how it was graded then, and what it changed."""
    return {
        "version": version.number,
        "url": absolute(context, reverse("api-practice-versions", args=[practice.slug, version.number])),
        "html_url": absolute(context, reverse("practices:version", args=[practice.slug, version.number])),
        "title": version.title,
        "language": version.language,
        "published_on": version.published_at.date().isoformat(),
        "grade_then": f"G{version.grade}",
        "changes": version.changes or None,
    }


def grade_data(practice):
    """Return the grade readers see, with what it rests on and what would change it."""
    assessment = practice.assessment
    data = assessment.as_data()
    return {
        "code": f"G{practice.grade}",
        **{name: data[name] for name in ("rule_version", "independent_support", "contradictions", "flags")},
        "reasons": assessment.reasons,
        "next": assessment.next,
        "lower": assessment.lower,
        "lowered_reason": practice.lowered_reason,
    }


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
        "stale": row.stale,
    }


def data_rows(frozen, practice):
    claims = frozen.claims.all() if frozen else practice.claims()
    standing = [row for claim in claims for row in claim.standing()]
    return {(row.report_id, row.report.verdict) for row in standing}


def verdicts(rows):
    """Count {(report, verdict)}: one report counts once, however many claims it speaks to."""
    counted = dict.fromkeys(Experience.Verdict.values, 0)
    for _report, verdict in rows:
        counted[verdict] += 1
    return counted


def list_items(rows, context):
    """Return list items: what readers see but the long texts and claims; verdicts in one more query."""
    told = {row.pk: set() for row in rows}
    standing = Evidence.objects.public().filter(stale=False, claim__practice__in=told)
    for practice, report, verdict in standing.values_list(
        "claim__practice", "report", "report__verdict"
    ).distinct():
        told[practice].add((report, verdict))
    return [
        {
            name: value
            for name, value in (shared_data(row, context) | frozen_data(row, row.current)).items()
            if name not in Practice.TEXTS
        }
        | {"verdicts": verdicts(told[row.pk])}
        for row in rows
    ]


class ClaimSerializer(rest.Serializer):
    kind = fields.Choice(Claim.Kind.values, default=Claim.Kind.DO)
    text = fields.Text()
    opinion = fields.Truth(default=False)


class EvidenceSerializer(rest.Serializer):
    experience = fields.Text()
    bearing = fields.Choice(Evidence.Bearing.values)
    excerpt = fields.Text()
    note = fields.Text(default="")


class TranslateSerializer(rest.Serializer):
    title = fields.Text()
    language = fields.Choice(Experience.Language.values, default="")


class FollowSerializer(rest.Serializer):
    version = fields.Whole()


class CommentSerializer(rest.Serializer):
    text = fields.Text()
    claim = fields.Whole(default=None, allow_null=True)


def comment_data(comment):
    """Return a comment, as curators alone read it."""
    settled = comment.settled_at
    return {
        "id": comment.pk,
        "claim": comment.claim_id,
        "about": comment.about,
        "text": comment.text,
        "author": {"name": str(comment.by)} if comment.by else None,
        "written_on": comment.at.date().isoformat(),
        "settled_on": settled.date().isoformat() if settled else None,
    }


class RetireSerializer(rest.Serializer):
    heir = fields.Text(default="", allow_null=True)
    note = fields.Text(default="")


class TrialSerializer(rest.Serializer):
    verdict = fields.Choice(Experience.Verdict.values)
    line = fields.Text()
    identity = fields.Choice(Experience.Identity.values, default=Experience.Identity.WITHHELD)
    contexts = Contexts(required=False)


def trial_data(trial):
    """Return a trial; a withheld one without its name, and by its month; with the report that took its place."""
    withheld = trial.identity == Experience.Identity.WITHHELD
    report = trial.successor
    return {
        "verdict": trial.told_verdict,
        "line": trial.told_line,
        "report": report.public_id if report else None,
        "author": {"name": trial.byline} if trial.byline else None,
        "contexts": Contexts().to_representation(trial.contexts),
        "tried_on": trial.tried_on.strftime("%Y-%m" if withheld else "%Y-%m-%d"),
    }


class PracticeViewSet(rest.ViewSet):
    """Best practices."""

    serializer_class = PracticeSerializer
    finder = PracticeFinder
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,80}"
    permission_classes = [ScopeAllows, rest.ReadOrEdit]
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
        return rest.answer_page(request, page, list_items(page.rows, {"request": request}), finder)

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
        return rest.once(request, self.made)

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

        return rest.once(request, create)

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

        return rest.once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    def comments(self, request, slug):
        """Read what curators say to each other of the working copy."""
        practice = self.get_object()
        if not request.user.has_perm("practices.curate_practice"):
            self.permission_denied(request, _("Only curators read comments."))
        found = practice.comments.visible_to(request.user).select_related("by")
        return rest.answer_all([comment_data(row) for row in found])

    @comments.mapping.post
    def comment(self, request, slug):
        """Say something of the working copy, or of one of its claims."""
        practice = self.to_act_on()

        def create():
            given = self.given(CommentSerializer)
            claim = self.claim_to_comment(practice, given["claim"])
            said = practice.comment(by=request.user, text=given["text"], claim=claim)
            return Response(comment_data(said), status=status.HTTP_201_CREATED)

        return rest.once(request, create)

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
        return rest.answer_all([trial_data(trial) for trial in self.get_object().trials.all()])

    @trials.mapping.post
    def try_out(self, request, slug):
        """Say “I tried this”, or change what one said."""
        practice = self.get_object()

        def create():
            trial = practice.try_out(by=request.user, **self.given(TrialSerializer))
            prefetch_related_objects([trial], "contexts__facet")
            return Response(trial_data(trial), status=status.HTTP_201_CREATED)

        return rest.once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    def grades(self, request, slug):
        """Read how its grade moved, from the first publication on: when, by which rule, and why."""
        lines = self.get_object().log.public().filter(verb="graded").order_by("pk")
        return rest.answer_all([history.data_of(line) for line in lines])

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
        return rest.answer_all([version_item(practice, row, {"request": request}) for row in found])

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


class ClaimViewSet(rest.ViewSet):
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

        return rest.once(request, create)

    def report(self, public_id):
        found = Experience.objects.visible_to(self.request.user).filter(public_id=public_id[:12]).first()
        if found is None or found.public_id != public_id:
            raise ValidationError({"experience": _("There is no report with this id.")})
        return found
