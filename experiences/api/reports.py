"""Field reports, for programs."""

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest import fields, views
from experiences.api.fields import Contexts, Effort, Keywords, Measures, Sources, Stakes, absolute, asker
from experiences.api.questions import AskSerializer, question_data
from experiences.models import Experience, FollowUp, Question
from experiences.models.questions import ordered
from experiences.models.report.parts import Parts
from experiences.search.filters import ReportFinder
from experiences.search.pagination import keyset_page


class ReportRepresentation(serializers.Serializer):
    """What a list item and a whole report share: everything but the long texts."""

    id = serializers.CharField(source="public_id", read_only=True)
    url = serializers.SerializerMethodField()
    html_url = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    strength = serializers.SerializerMethodField()
    author_stakes = serializers.ReadOnlyField()
    follow_ups = serializers.SerializerMethodField()
    feeds = serializers.SerializerMethodField()
    published_on = serializers.SerializerMethodField()

    def get_url(self, report) -> str:
        path = reverse("api-experience-detail", args=[report.public_id])
        return absolute(self.context, path)

    def get_html_url(self, report) -> str:
        return absolute(self.context, report.get_absolute_url())

    def get_author(self, report) -> dict | None:
        return {"name": report.byline} if report.byline else None

    def get_strength(self, report) -> str:
        return report.Strength(report.strength).name

    def get_published_on(self, report) -> str | None:
        return report.published_on

    def get_follow_ups(self, report) -> list[dict]:
        return [follow_up_data(row, report) for row in report.follow_ups.all()]

    def get_feeds(self, report) -> list[dict]:
        rows = getattr(report, "feeding", None)
        if rows is None:
            rows = report.evidence.public().select_related("claim__practice")
        return [
            {"practice": row.claim.practice.slug, "claim": row.claim_id, "bearing": row.bearing}
            for row in rows
        ]


def follow_up_data(row, report):
    """Return a follow-up; of a withheld report, only its month."""
    withheld = report.identity == report.Identity.WITHHELD
    told_on = row.told_on.strftime("%Y-%m") if withheld else row.told_on.isoformat()
    return {"told_on": told_on, "verdict": row.verdict, "text": row.text}


class ExperienceSerializer(ReportRepresentation, views.ModelSerializer):
    """A whole report, read and written in one shape."""

    stakes = Stakes(required=False)
    contexts = Contexts(required=False)
    keywords = Keywords(required=False)
    measures = Measures(required=False)
    sources = Sources(required=False)
    effort = Effort(required=False)

    unseen = Experience.SETTLED
    parts_class = Parts
    parts_fields = ("stakes", "contexts", "keywords", "measures", "sources")

    class Meta:
        model = Experience
        fields = [
            "id", "url", "html_url", "status", "title", "language", "started_on", "ended_on",
            *Experience.TEXTS, "verdict", "follow_up_on", "stakes", "contexts", "keywords", "measures",
            "sources", "effort", "identity", "organisation", "author", "strength", "author_stakes", "follow_ups",
            "feeds", "published_on", "version",
        ]  # fmt: skip
        read_only_fields = ["status", "version"]
        # Private: taken, never given. Its only use is to count independent organisations.
        extra_kwargs = {"organisation": {"write_only": True}}

    def to_representation(self, report):
        data = super().to_representation(report)
        user = asker(self.context)
        if not report.can_be_read_whole_by(user):
            shown = report.shown_contexts()
            data["contexts"] = {facet: [row.slug for row in rows] for facet, rows in shown.items()}
        return data


class ExperienceListSerializer(ReportRepresentation, serializers.ModelSerializer):
    """A list item: all but the long texts, and an excerpt."""

    stakes = Stakes()
    contexts = serializers.SerializerMethodField()
    keywords = Keywords()
    measures = Measures()
    sources = Sources()
    effort = Effort()
    excerpt = serializers.SerializerMethodField()
    started_on = fields.MonthField(Experience._meta.get_field("started_on"))
    ended_on = fields.MonthField(Experience._meta.get_field("ended_on"))
    follow_up_on = fields.MonthField(Experience._meta.get_field("follow_up_on"))

    class Meta:
        model = Experience
        fields = [
            *[
                name
                for name in ExperienceSerializer.Meta.fields
                if name not in (*Experience.TEXTS, "organisation")
            ],
            "excerpt",
        ]
        read_only_fields = fields

    def get_contexts(self, report) -> dict:
        shown = report.shown_contexts()
        return {facet: [row.slug for row in rows] for facet, rows in shown.items()}

    def get_excerpt(self, report) -> str:
        return report.excerpt()


def revision_data(row, user):
    """Return a revision as `user` may read it; of a withheld report, only its month."""
    withheld = row.report.identity == Experience.Identity.WITHHELD
    on = row.at.strftime("%Y-%m" if withheld else "%Y-%m-%d")
    return {"id": row.public_id, "kind": row.kind, "on": on, "told": row.content_for(user)}


class ReturnSerializer(views.Serializer):
    reason = fields.Choice(Experience.ReturnReason.values, blank=True, default="")
    note = fields.Text(default="")


class StakesSerializer(views.Serializer):
    stakes = Stakes()


class NoteSerializer(views.Serializer):
    note = fields.Text(default="")


class FollowUpSerializer(views.Serializer):
    told_on = fields.DayField(FollowUp._meta.get_field("told_on"), default=None)
    verdict = fields.Choice(Experience.Verdict.values)
    text = fields.Text()


class ExperienceViewSet(views.ViewSet):
    """Field reports."""

    serializer_class = ExperienceSerializer
    finder = ReportFinder
    lookup_field = "public_id"
    lookup_value_regex = "[a-z0-9]{12}"
    permission_classes = [ScopeAllows, views.ReadOrEdit]
    params = {"revisions": ("cursor",)}

    def get_queryset(self):
        return Experience.objects.visible_to(self.request.user).for_detail()

    def list(self, request):
        """Find published reports."""
        finder = ReportFinder(request.query_params, user=request.user)
        page = finder.page()
        return views.answer_page(request, page, list_items(page.rows, request), finder)

    def retrieve(self, request, public_id):
        """Read a report."""
        return Response(self.get_serializer(self.get_object()).data)

    def create(self, request):
        """Write a draft; sending it is another step."""
        return views.once(request, self.made)

    def update(self, request, public_id, partial=False):
        """Change a report; a field left out keeps its value."""
        return self.changed(partial)

    def partial_update(self, request, public_id):
        """Change some fields of a report."""
        return self.update(request, public_id, partial=True)

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def submit(self, request, public_id):
        """Send a draft: to a curator, or straight to publication for an author already published."""
        self.nothing_given()
        return self.answer(self.to_act_on().submit(by=request.user))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def publish(self, request, public_id):
        """Publish a submitted report, as a curator who is not its author."""
        self.nothing_given()
        return self.answer(self.to_act_on().publish(by=request.user))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows], url_path="return")
    def return_to_author(self, request, public_id):
        """Send a submitted report back to its author, with a reason and a sentence."""
        report = self.to_act_on()
        return self.answer(report.return_to_author(by=request.user, **self.given(ReturnSerializer)))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def stakes(self, request, public_id):
        """Set the stakes that readers find it by, as a reviewer; what the author chose is kept."""
        report = self.to_act_on()
        return self.answer(report.set_stakes(by=request.user, **self.given(StakesSerializer, report)))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    def withdraw(self, request, public_id):
        """Take a published report back, with a sentence that says why."""
        report = self.to_act_on()
        return self.answer(report.withdraw(by=request.user, **self.given(NoteSerializer)))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows], url_path="withdraw-trust")
    def withdraw_trust(self, request, public_id):
        """Have its author's next reports read before publication, as a moderator, with a sentence that says why."""
        report = self.to_act_on()
        return self.answer(report.withdraw_trust(by=request.user, **self.given(NoteSerializer)))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows], url_path="give-trust-back")
    def give_trust_back(self, request, public_id):
        """Let its author's next reports be published at once again, as a moderator."""
        report = self.to_act_on()
        return self.answer(report.give_trust_back(by=request.user, **self.given(NoteSerializer)))

    @action(detail=True, permission_classes=[ScopeAllows], url_path="follow-ups")
    def follow_ups(self, request, public_id):
        """Read what has become of it."""
        report = self.get_object()
        return views.answer_all([follow_up_data(row, report) for row in report.follow_ups.all()])

    @follow_ups.mapping.post
    def follow_up(self, request, public_id):
        """Tell what has become of it, as its author."""
        report = self.get_object()

        def create():
            row = report.follow_up(by=request.user, **self.given(FollowUpSerializer))
            return Response(follow_up_data(row, report), status=status.HTTP_201_CREATED)

        return views.once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    def questions(self, request, public_id):
        """Read what readers asked, and what the author answered."""
        known = Question.objects.visible_to(request.user).filter(report=self.get_object())
        rows = ordered(known.select_related("by", "report"))
        return views.answer_all([question_data(row) for row in rows])

    @questions.mapping.post
    def ask(self, request, public_id):
        """Ask the author something, about the report or a part of it."""
        report = self.get_object()

        def create():
            question = report.ask(by=request.user, **self.given(AskSerializer))
            return Response(question_data(question), status=status.HTTP_201_CREATED)

        return views.once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    def revisions(self, request, public_id):
        """Read what it said since it was published, the newest first; its author and curators, what was sent too."""
        known = self.get_object().revisions.visible_to(request.user)
        page = keyset_page(known, ["-number"], request.query_params.get("cursor", ""), 25)
        page.count = known.count()
        return views.answer_page(request, page, [revision_data(row, request.user) for row in page.rows])


def list_items(rows, request):
    """Return list items for `rows`, with the practices they feed, in one more query."""
    evidence = Experience._meta.get_field("evidence").related_model
    public = evidence.objects.public().select_related("claim__practice")
    prefetch_related_objects(rows, Prefetch("evidence", public, to_attr="feeding"))
    return ExperienceListSerializer(rows, many=True, context={"request": request}).data
