"""Reports, vocabulary and one's own things, for programs."""

import re

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.authentication import ScopeAllows
from config import rest
from config.problems import KeyReused
from experiences.finding import ReportFinder
from experiences.models import (
    Competency,
    Context,
    Effect,
    Experience,
    Facet,
    FollowUp,
    Measure,
    Situation,
    Source,
    Stake,
    Wording,
)
from experiences.models.parts import Parts
from experiences.paging import keyset_page

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}")
MEASURE_KEYS = ("effect", "direction", "indicator", "before", "after", "unit", "source")
SOURCE_KEYS = ("url", "label", "visibility")
EFFORT_KEYS = ("people", "hours", "weeks")


# --- Closed lists: a slug that is not on its list is refused, never made --------------------------


class Stakes(serializers.Field):
    """Slugs of the list of stakes."""

    def to_internal_value(self, data):
        slugs = rest.strings(data)
        held = self.parent.instance.stakes.all() if self.parent.instance else ()
        wanted = [slug for slug in slugs if SLUG.fullmatch(slug)]
        found = {term.slug: term for term in Stake.objects.choosable(held).filter(slug__in=wanted)}
        unknown = [slug for slug in slugs if slug not in found]
        if unknown:
            text = str(forms.ChoiceField.default_error_messages["invalid_choice"]) % {
                "value": unknown[0][:60]
            }
            text += " " + _("The list is at %(address)s.") % {"address": reverse("api-stake-list")}
            raise serializers.ValidationError(text, code="invalid_choice")
        return [found[slug] for slug in slugs]

    def to_representation(self, value):
        return [stake.slug for stake in value.all()]


class Contexts(serializers.Field):
    """{facet: [slugs]}; errors are keyed by facet, as in the form."""

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            raise serializers.ValidationError(
                _("This must be an object: each facet with a list of values."), code="type"
            )
        facets = set(Facet.objects.values_list("slug", flat=True))
        given, errors = {}, {}
        for facet, slugs in data.items():
            try:
                given[facet] = self._slugs(facet, slugs, facets)
            except serializers.ValidationError as refusal:
                errors[str(facet)[:60]] = refusal.detail
        found = self._found(given)
        for facet, slugs in given.items():
            unknown = [slug for slug in slugs if (facet, slug) not in found]
            if unknown:
                allowed = Context.objects.current().filter(facet__slug=facet).values_list("slug", flat=True)
                errors[facet] = rest.not_on_list(unknown[0], allowed).detail
        if errors:
            raise serializers.ValidationError(errors)
        return [found[facet, slug] for facet, slugs in given.items() for slug in slugs]

    def _slugs(self, facet, slugs, facets):
        if facet not in facets:
            text = _("There is no facet “%(facet)s”. Choose among: %(allowed)s.")
            values = {"facet": str(facet)[:60], "allowed": ", ".join(sorted(facets))}
            raise serializers.ValidationError(text % values, code="unknown")
        return rest.strings(slugs)

    def _found(self, given):
        slugs = {slug for values in given.values() for slug in values if SLUG.fullmatch(slug)}
        instance = getattr(self.parent, "instance", None)
        held = instance.contexts.all() if instance else ()
        rows = Context.objects.choosable(held).filter(facet__slug__in=given, slug__in=slugs)
        return {(row.facet.slug, row.slug): row for row in rows.select_related("facet")}

    def to_representation(self, value):
        grouped = {}
        for context in value.all():
            grouped.setdefault(context.facet.slug, []).append(context.slug)
        return grouped


class Keywords(serializers.Field):
    def to_internal_value(self, data):
        return [word for word in rest.strings(data) if word]

    def to_representation(self, value):
        return sorted(keyword.name for keyword in value.all())


# --- Rows under a report -------------------------------------------------------------------------


class Measures(serializers.Field):
    def to_internal_value(self, data):
        effects = {effect.slug: effect for effect in Effect.objects.all()} if data else {}
        rows = rest.objects(data, MEASURE_KEYS)
        return [self._measure(number, row, effects) for number, row in enumerate(rows, 1)]

    def _measure(self, number, row, effects):
        row = texts(number, row)
        effect = row.pop("effect", "")
        one_of(number, "effect", effect, list(effects))
        one_of(number, "direction", row.get("direction", ""), Measure.Direction.values)
        return Measure(effect=effects[effect], **row)

    def to_representation(self, value):
        return [
            {"effect": row.effect.slug, **{key: getattr(row, key) for key in MEASURE_KEYS[1:]}}
            for row in value.all()
        ]


class Sources(serializers.Field):
    """Links; those for curators only are shown to the author and to curators."""

    def get_attribute(self, instance):
        return instance.sources_for(asker(self.context))

    def to_internal_value(self, data):
        return [self._source(number, row) for number, row in enumerate(rest.objects(data, SOURCE_KEYS), 1)]

    def _source(self, number, row):
        row = texts(number, row)
        one_of(number, "visibility", row.get("visibility", "public"), Source.Visibility.values)
        return Source(**row)

    def to_representation(self, value):
        return [{key: getattr(row, key) for key in SOURCE_KEYS} for row in value]


def texts(number, row):
    """Return `row` with its texts trimmed, or say which one is not a text."""
    for key, value in row.items():
        if not isinstance(value, str):
            text = _("%(number)s. “%(key)s” must be a text.") % {"number": number, "key": key}
            raise serializers.ValidationError(text, code="type")
    return {key: value.strip() for key, value in row.items()}


def one_of(number, key, value, allowed):
    if value not in allowed:
        text = _("%(number)s. “%(value)s” is not a value of “%(name)s”. Choose among: %(allowed)s.")
        values = {"number": number, "value": value[:60], "name": key, "allowed": ", ".join(allowed)}
        raise serializers.ValidationError(text % values, code="invalid_choice")


class Effort(serializers.Field):
    """{people, hours, weeks} over three columns; errors are named as the columns are."""

    def __init__(self, **kwargs):
        super().__init__(source="*", **kwargs)

    def to_internal_value(self, data):
        if data is None:
            data = {}
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("This must be an object."), code="type")
        rest.objects([data], EFFORT_KEYS)
        values = {f"effort_{key}": data.get(key) for key in EFFORT_KEYS}
        wrong = [
            name
            for name, value in values.items()
            if value is not None and (isinstance(value, bool) or not isinstance(value, int))
        ]
        if wrong:
            text = rest.Whole.default_error_messages["type"]
            raise serializers.ValidationError(
                {name: [serializers.ErrorDetail(text, "type")] for name in wrong}
            )
        return values

    def to_representation(self, value):
        return {key: getattr(value, f"effort_{key}") for key in EFFORT_KEYS}


# --- Reports -------------------------------------------------------------------------------------


def asker(context):
    """Return who the answer is for: the member who asks, else a visitor."""
    request = context.get("request")
    return request.user if request else context.get("user") or AnonymousUser()


def absolute(context, path):
    request = context.get("request")
    return request.build_absolute_uri(path) if request else f"{settings.SITE_URL}{path}"


class ReportRepresentation(serializers.Serializer):
    """What a list item and a whole report share: everything but the long texts."""

    id = serializers.CharField(source="public_id", read_only=True)
    url = serializers.SerializerMethodField()
    html_url = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    strength = serializers.SerializerMethodField()
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


class ExperienceSerializer(ReportRepresentation, rest.ModelSerializer):
    """A whole report, read and written in one shape."""

    stakes = Stakes(required=False)
    contexts = Contexts(required=False)
    keywords = Keywords(required=False)
    measures = Measures(required=False)
    sources = Sources(required=False)
    effort = Effort(required=False)

    parts_class = Parts
    parts_fields = ("stakes", "contexts", "keywords", "measures", "sources")

    class Meta:
        model = Experience
        fields = [
            "id", "url", "html_url", "status", "title", "language", "started_on", "ended_on",
            *Experience.TEXTS, "verdict", "follow_up_on", "stakes", "contexts", "keywords", "measures",
            "sources", "effort", "identity", "organisation", "author", "strength", "follow_ups",
            "feeds", "published_on", "version",
        ]  # fmt: skip
        read_only_fields = ["status", "version"]
        # Private: taken, never given. Its only use is to count independent organisations.
        extra_kwargs = {"organisation": {"write_only": True}}

    def to_representation(self, report):
        data = super().to_representation(report)
        user = asker(self.context)
        if user != report.author and not user.has_perm("experiences.review_experience"):
            shown = report.shown_contexts()
            data["contexts"] = {facet: [row.slug for row in rows] for facet, rows in shown.items()}
        return data

    def keyed_like_the_form(self, errors):
        keyed = {}
        for name, detail in errors.items():
            keyed |= detail if isinstance(detail, dict) else {name: detail}
        return keyed


class ExperienceListSerializer(ReportRepresentation, serializers.ModelSerializer):
    """A list item: all but the long texts, and an excerpt."""

    stakes = Stakes()
    contexts = serializers.SerializerMethodField()
    keywords = Keywords()
    measures = Measures()
    sources = Sources()
    effort = Effort()
    excerpt = serializers.SerializerMethodField()
    started_on = rest.MonthField(Experience._meta.get_field("started_on"))
    ended_on = rest.MonthField(Experience._meta.get_field("ended_on"))
    follow_up_on = rest.MonthField(Experience._meta.get_field("follow_up_on"))

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


class ReturnSerializer(rest.Serializer):
    reason = rest.Choice(Experience.ReturnReason.values, blank=True, default="")
    note = rest.Text(default="")


class NoteSerializer(rest.Serializer):
    note = rest.Text(default="")


class FollowUpSerializer(rest.Serializer):
    told_on = rest.DayField(FollowUp._meta.get_field("told_on"), default=None)
    verdict = rest.Choice(Experience.Verdict.values)
    text = rest.Text()


class ExperienceViewSet(rest.ViewSet):
    """Field reports."""

    serializer_class = ExperienceSerializer
    finder = ReportFinder
    lookup_field = "public_id"
    lookup_value_regex = "[a-z0-9]{12}"
    permission_classes = [ScopeAllows, rest.ReadOrEdit]

    def get_queryset(self):
        return Experience.objects.visible_to(self.request.user).for_detail()

    def list(self, request):
        """Find published reports."""
        finder = ReportFinder(request.query_params, user=request.user)
        page = finder.page()
        return rest.answer_page(request, page, list_items(page.rows, request), finder)

    def retrieve(self, request, public_id):
        """Read a report."""
        return Response(self.get_serializer(self.get_object()).data)

    def create(self, request):
        """Write a draft; sending it is another step."""
        key, digest = rest.idempotency(request)
        made = Experience.objects.filter(author=request.user, submission_key=key).first() if key else None
        if made is None:
            serializer = self.get_serializer(data=request.data)
            serializer.is_valid(raise_exception=True)
            try:
                made = serializer.save(by=request.user, submission_key=key, submission_digest=digest)
            except (ValidationError, IntegrityError):
                # The same request may have arrived twice at once: the other one made it.
                made = Experience.objects.filter(author=request.user, submission_key=key or None).first()
                if made is None:
                    raise
        if made.submission_digest != digest:
            raise KeyReused
        return self.answer(made, status.HTTP_201_CREATED)

    def update(self, request, public_id, partial=False):
        """Change a report; a field left out keeps its value."""
        serializer = self.get_serializer(self.to_change(), data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return self.answer(serializer.save(by=request.user))

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
    def withdraw(self, request, public_id):
        """Take a published report back, with a sentence that says why."""
        report = self.to_act_on()
        return self.answer(report.withdraw(by=request.user, **self.given(NoteSerializer)))

    @action(detail=True, permission_classes=[ScopeAllows], url_path="follow-ups")
    def follow_ups(self, request, public_id):
        """Read what has become of it."""
        report = self.get_object()
        return rest.answer_all([follow_up_data(row, report) for row in report.follow_ups.all()])

    @follow_ups.mapping.post
    def follow_up(self, request, public_id):
        """Tell what has become of it, as its author."""
        report = self.get_object()

        def create():
            row = report.follow_up(by=request.user, **self.given(FollowUpSerializer))
            return Response(follow_up_data(row, report), status=status.HTTP_201_CREATED)

        return rest.once(request, create)


def list_items(rows, request):
    """Return list items for `rows`, with the practices they feed, in one more query."""
    evidence = Experience._meta.get_field("evidence").related_model
    public = evidence.objects.public().select_related("claim__practice")
    prefetch_related_objects(rows, Prefetch("evidence", public, to_attr="feeding"))
    return ExperienceListSerializer(rows, many=True, context={"request": request}).data


# --- Vocabulary ----------------------------------------------------------------------------------


class Both(serializers.ModelSerializer):
    """A term in both languages, with the published reports and practices that carry it."""

    reports = serializers.IntegerField(read_only=True)
    practices = serializers.IntegerField(read_only=True)


class CompetencySerializer(Both):
    stakes = serializers.SerializerMethodField()

    class Meta:
        model = Competency
        fields = ["slug", "name_en", "name_fr", "definition_en", "definition_fr", "stakes", "reports", "practices"]  # fmt: skip

    def get_stakes(self, competency) -> list[str]:
        return [stake.slug for stake in competency.stakes.all()]


class StakeSerializer(Both):
    competency = serializers.SlugRelatedField("slug", read_only=True)
    heirs = serializers.SlugRelatedField("slug", many=True, read_only=True)
    html_url = serializers.SerializerMethodField()

    class Meta:
        model = Stake
        fields = [
            "slug", "html_url", "competency", "name_en", "name_fr", "definition_en", "definition_fr",
            "retired_on", "heirs", "reports", "practices",
        ]  # fmt: skip

    def get_html_url(self, stake) -> str:
        return absolute(self.context, reverse("stake", args=[stake.slug]))


class ContextSerializer(Both):
    facet = serializers.SlugRelatedField("slug", read_only=True)
    facet_name_en = serializers.CharField(source="facet.name_en", read_only=True)
    facet_name_fr = serializers.CharField(source="facet.name_fr", read_only=True)
    facet_required = serializers.BooleanField(source="facet.required", read_only=True)
    facet_most = serializers.IntegerField(source="facet.most", read_only=True)
    heirs = serializers.SlugRelatedField("slug", many=True, read_only=True)

    class Meta:
        model = Context
        fields = [
            "facet", "facet_name_en", "facet_name_fr", "facet_required", "facet_most", "slug",
            "name_en", "name_fr", "retired_on", "heirs", "reports", "practices",
        ]  # fmt: skip


class EffectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Effect
        fields = ["slug", "name_en", "name_fr"]


class WordingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Wording
        fields = ["kind", "slug", "name_en", "name_fr", "meaning_en", "meaning_fr"]


class Vocabulary(rest.ViewSet):
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def list(self, request):
        """Read the whole list, in both languages."""
        return rest.answer_all(self.get_serializer(self.get_queryset(), many=True).data)


class Retrievable:
    def retrieve(self, request, slug):
        """Read one term, in both languages."""
        return Response(self.get_serializer(self.get_object()).data)


class CompetencyViewSet(Retrievable, Vocabulary):
    """The eight areas that group the stakes."""

    queryset = Competency.objects.with_counts().order_by("position").prefetch_related("stakes")
    serializer_class = CompetencySerializer


class StakeViewSet(Retrievable, Vocabulary):
    """What may be at stake."""

    queryset = (
        Stake.objects.with_counts()
        .order_by("competency__position", "position")
        .select_related("competency")
        .prefetch_related("heirs")
    )
    serializer_class = StakeSerializer


class ContextViewSet(Vocabulary):
    """Where it may happen: the values of twelve facets. Each facet also takes “unknown” and “withheld”."""

    queryset = (
        Context.objects.stated()
        .with_counts()
        .order_by("facet__position", "position")
        .select_related("facet")
        .prefetch_related("heirs")
    )
    serializer_class = ContextSerializer


class EffectViewSet(Vocabulary):
    """What a measure may have seen move."""

    queryset = Effect.objects.all()
    serializer_class = EffectSerializer


class WordingViewSet(Vocabulary):
    """Verdicts, bearings, strengths, grades and responsibilities, in words."""

    queryset = Wording.objects.all()
    serializer_class = WordingSerializer


# --- One's own -----------------------------------------------------------------------------------


class SituationSerializer(serializers.Serializer):
    contexts = Contexts()

    def to_internal_value(self, data):
        """Take {facet: [slugs]}, bare or as GET answers it."""
        if isinstance(data, dict) and isinstance(data.get("contexts"), dict):
            extra = set(data) - {"contexts", "stated_on"}
            data = data["contexts"] | {name: data[name] for name in extra}
        try:
            return {"contexts": self.fields["contexts"].run_validation(data)}
        except serializers.ValidationError as refusal:
            by_facet = isinstance(refusal.detail, dict)
            raise refusal if by_facet else serializers.ValidationError({"contexts": refusal.detail}) from None


class MineViewSet(rest.ViewSet):
    """My situation and my reports."""

    serializer_class = SituationSerializer
    permission_classes = [ScopeAllows, IsAuthenticated]
    params = {"experiences": ("cursor",)}

    @action(detail=False)
    def situation(self, request):
        """Read my situation."""
        return Response(situation_data(Situation.of(request.user)))

    @situation.mapping.put
    def state_situation(self, request):
        """Replace my situation: each facet with a list of values."""
        Situation.state(self.given(SituationSerializer)["contexts"], by=request.user)
        return Response(situation_data(Situation.of(request.user)))

    @action(detail=False)
    def experiences(self, request):
        """Read my reports, in every state, the newest first."""
        mine = Experience.objects.visible_to(request.user).filter(author=request.user)
        page = keyset_page(mine.for_list(), ["-id"], request.query_params.get("cursor", ""), 25)
        page.count = mine.count()
        return rest.answer_page(request, page, list_items(page.rows, request))


def situation_data(situation):
    if situation is None:
        return {"stated_on": None, "contexts": {}}
    contexts = Contexts().to_representation(situation.contexts)
    return {"stated_on": situation.stated_on.isoformat(), "contexts": contexts}
