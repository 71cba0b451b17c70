"""The vocabulary, for programs: closed lists in both languages, with what carries each term."""

from rest_framework import serializers
from rest_framework.response import Response

from config.rest.conditional import answer_unless_known
from config.rest.operations import describes
from config.rest.pages import answer_all
from config.rest.shapes import ADDRESS, DAY, SLUGS, TEXT, TRUTH, WHOLE, component, nullable, thing
from config.rest.views import ViewSet
from experiences.api.fields import address_of
from experiences.api.vocabulary_edit import (
    AddableActions,
    CompetencyWordsSerializer,
    ContextWordsSerializer,
    EditableActions,
    EffectWordsSerializer,
    FacetWordsSerializer,
    GlossaryEntryWordsSerializer,
    NewContextSerializer,
    NewStakeSerializer,
    StakeWordsSerializer,
    TermActions,
    WordingWordsSerializer,
)
from experiences.models import Competency, Context, Effect, Facet, GlossaryEntry, Stake, Wording
from experiences.models.vocabulary.words import listed
from experiences.search.term_counts import TermCounts

NAMES = {"name_en": TEXT, "name_fr": TEXT}
DEFINITIONS = {"definition_en": TEXT, "definition_fr": TEXT}
SYNONYMS = {"synonyms_en": SLUGS, "synonyms_fr": SLUGS}
CONFUSIONS = {"confusion_en": TEXT, "confusion_fr": TEXT}
SAID = {"said_en": SLUGS, "said_fr": SLUGS}
COUNTS = {"reports": WHOLE, "practices": WHOLE}
TERM = {"retired_on": nullable(DAY), "heirs": SLUGS, "local": TRUTH}
EDITION = {"position": WHOLE, "version": WHOLE}


class CountedSerializer(serializers.ModelSerializer):
    """A term in both languages, with the published reports and practices that carry it."""

    reports = serializers.SerializerMethodField()
    practices = serializers.SerializerMethodField()

    def to_representation(self, term):
        if "counts" not in self.context:
            self.context["counts"] = TermCounts()  # Once for an answer.
        self.numbers = self.context["counts"].of(term)
        return super().to_representation(term)

    def get_reports(self, _term) -> int:
        return self.numbers[0]

    def get_practices(self, _term) -> int:
        return self.numbers[1]


class CompetencySerializer(CountedSerializer):
    stakes = serializers.SerializerMethodField()

    class Meta:
        model = Competency
        fields = [
            "slug", "name_en", "name_fr", "definition_en", "definition_fr", "stakes", "position", "version",
            "reports", "practices",
        ]  # fmt: skip

    def get_stakes(self, competency) -> list[str]:
        return [stake.slug for stake in competency.stakes.all()]


@component("Competency")
def competency_shape():
    return thing(slug=TEXT, **NAMES, **DEFINITIONS, stakes=SLUGS, **EDITION, **COUNTS)


class WithSynonyms(serializers.Serializer):
    """Everyday words in both languages, as lists."""

    synonyms_en = serializers.SerializerMethodField()
    synonyms_fr = serializers.SerializerMethodField()

    def get_synonyms_en(self, row) -> list[str]:
        return listed(row.synonyms_en)

    def get_synonyms_fr(self, row) -> list[str]:
        return listed(row.synonyms_fr)


class StakeSerializer(WithSynonyms, CountedSerializer):
    said_en = serializers.SerializerMethodField()
    said_fr = serializers.SerializerMethodField()
    competency = serializers.SlugRelatedField("slug", read_only=True)
    heirs = serializers.SlugRelatedField("slug", many=True, read_only=True)
    url = serializers.SerializerMethodField()
    html_url = serializers.SerializerMethodField()

    class Meta:
        model = Stake
        fields = [
            "slug", "url", "html_url", "competency", "name_en", "name_fr", "definition_en", "definition_fr",
            "synonyms_en", "synonyms_fr", "confusion_en", "confusion_fr", "said_en", "said_fr", "position",
            "version", "retired_on", "heirs", "local", "reports", "practices",
        ]  # fmt: skip

    def get_said_en(self, stake) -> list[str]:
        return listed(stake.said_en)

    def get_said_fr(self, stake) -> list[str]:
        return listed(stake.said_fr)

    def get_url(self, stake) -> str:
        return address_of(self.context, "api-stake-detail", stake.slug)

    def get_html_url(self, stake) -> str:
        return address_of(self.context, "stake", stake.slug)


@component("Stake")
def stake_shape():
    belongs = {"url": ADDRESS, "html_url": ADDRESS, "competency": TEXT}
    words = NAMES | DEFINITIONS | SYNONYMS | CONFUSIONS | SAID
    return thing(slug=TEXT, **belongs, **words, **EDITION, **TERM, **COUNTS)


class ContextSerializer(CountedSerializer):
    facet = serializers.SlugRelatedField("slug", read_only=True)
    facet_name_en = serializers.CharField(source="facet.name_en", read_only=True)
    facet_name_fr = serializers.CharField(source="facet.name_fr", read_only=True)
    facet_required = serializers.BooleanField(source="facet.required", read_only=True)
    facet_most = serializers.IntegerField(source="facet.most", read_only=True)
    heirs = serializers.SlugRelatedField("slug", many=True, read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Context
        fields = [
            "facet", "facet_name_en", "facet_name_fr", "facet_required", "facet_most", "slug", "url",
            "name_en", "name_fr", "position", "version", "retired_on", "heirs", "local", "reports",
            "practices",
        ]  # fmt: skip

    def get_url(self, context) -> str:
        return address_of(self.context, "api-context-value-detail", context.facet.slug, context.slug)


@component("Context")
def context_shape():
    facet = {"facet": TEXT, "facet_name_en": TEXT, "facet_name_fr": TEXT}
    belongs = {"facet_required": TRUTH, "facet_most": WHOLE, "slug": TEXT, "url": ADDRESS}
    return thing(**facet, **belongs, **NAMES, **EDITION, **TERM, **COUNTS)


class EffectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Effect
        fields = ["slug", "name_en", "name_fr", "version"]


@component("Effect")
def effect_shape():
    return thing(slug=TEXT, **NAMES, version=WHOLE)


class FacetSerializer(serializers.ModelSerializer):
    class Meta:
        model = Facet
        fields = ["slug", "name_en", "name_fr", "required", "most", "version"]


@component("Facet")
def facet_shape():
    return thing(slug=TEXT, **NAMES, required=TRUTH, most=WHOLE, version=WHOLE)


class WordingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Wording
        fields = ["kind", "slug", "name_en", "name_fr", "meaning_en", "meaning_fr", "version"]


@component("Wording")
def wording_shape():
    return thing(kind=TEXT, slug=TEXT, **NAMES, meaning_en=TEXT, meaning_fr=TEXT, version=WHOLE)


class GlossaryEntrySerializer(WithSynonyms, serializers.ModelSerializer):
    stakes = serializers.SlugRelatedField("slug", many=True, read_only=True)
    url = serializers.SerializerMethodField()
    html_url = serializers.SerializerMethodField()

    class Meta:
        model = GlossaryEntry
        fields = [
            "slug", "url", "html_url", "name_en", "name_fr", "definition_en", "definition_fr", "synonyms_en",
            "synonyms_fr", "confusion_en", "confusion_fr", "stakes", "version",
        ]  # fmt: skip

    def get_url(self, entry) -> str:
        return address_of(self.context, "api-glossary-detail", entry.slug)

    def get_html_url(self, entry) -> str:
        return address_of(self.context, "trade-word", entry.slug)


@component("GlossaryEntry")
def glossary_entry_shape():
    belongs = {"url": ADDRESS, "html_url": ADDRESS, "stakes": SLUGS}
    words = NAMES | DEFINITIONS | SYNONYMS | CONFUSIONS
    return thing(slug=TEXT, **belongs, **words, version=WHOLE)


class Vocabulary(ViewSet):
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    lookup_description = "The slug; before it, where there is one, that of its facet or its kind."


class Listed:
    def list(self, request):
        """Read the whole list, in both languages."""
        counts = TermCounts()

        def answer():
            context = self.get_serializer_context() | {"counts": counts}
            return answer_all(self.serializer_class(self.get_queryset(), many=True, context=context).data)

        return answer_unless_known(request, answer, counts.states)

    def public_state(self, **lookup):
        return (TermCounts().states, None) if self.action == "list" else None


class Retrievable:
    def retrieve(self, request, **lookup):
        """Read one term, in both languages."""
        return Response(self.get_serializer(self.get_object()).data)


class Grouped(Retrievable):
    """One row whose slug is unique within its group; the address names both."""

    group_column = ""

    def get_queryset(self):
        return super().get_queryset().filter(**{self.group_column: self.kwargs["group"]})


class CompetencyViewSet(Listed, Retrievable, EditableActions, Vocabulary):
    """The eight areas that group the stakes."""

    queryset = Competency.objects.order_by("position").prefetch_related("stakes")
    serializer_class = CompetencySerializer
    shape = competency_shape

    @describes(takes=CompetencyWordsSerializer)
    def partial_update(self, request, **lookup):
        """Change some of its words, as a moderator."""
        return self.edit(request)


class StakeViewSet(Listed, Retrievable, TermActions, AddableActions, Vocabulary):
    """What may be at stake."""

    queryset = (
        Stake.objects.order_by("competency__position", "position")
        .select_related("competency")
        .prefetch_related("heirs")
    )
    model = Stake
    serializer_class = StakeSerializer
    shape = stake_shape

    @describes(takes=NewStakeSerializer, code=201)
    def create(self, request):
        """Put a stake on the list, as a moderator; its slug comes from its English name."""
        return self.add(request)

    @describes(takes=StakeWordsSerializer)
    def partial_update(self, request, **lookup):
        """Change some of its words, as a moderator; its slug stays."""
        return self.edit(request)


class Contexts(Vocabulary):
    queryset = (
        Context.objects.stated()
        .order_by("facet__position", "position")
        .select_related("facet")
        .prefetch_related("heirs")
    )
    serializer_class = ContextSerializer
    shape = context_shape


class ContextViewSet(Listed, AddableActions, Contexts):
    """Where it may happen: the values of twelve facets. Each facet also takes “unknown” and “withheld”."""

    model = Context

    @describes(takes=NewContextSerializer, code=201)
    def create(self, request):
        """Put a value on the list of its facet, as a moderator; its slug comes from its English name."""
        return self.add(request)


class FacetContextViewSet(Grouped, TermActions, Contexts):
    """One value of one facet."""

    group_column = "facet__slug"

    @describes(takes=ContextWordsSerializer)
    def partial_update(self, request, **lookup):
        """Change its words, as a moderator; its slug stays."""
        return self.edit(request)


class FacetViewSet(Listed, Retrievable, EditableActions, Vocabulary):
    """The twelve sides of a situation, whose values are contexts."""

    queryset = Facet.objects.all()
    serializer_class = FacetSerializer
    shape = facet_shape

    @describes(takes=FacetWordsSerializer)
    def partial_update(self, request, **lookup):
        """Change its words, as a moderator."""
        return self.edit(request)


class EffectViewSet(Listed, Retrievable, EditableActions, Vocabulary):
    """What a measure may have seen move."""

    queryset = Effect.objects.all()
    serializer_class = EffectSerializer
    shape = effect_shape

    @describes(takes=EffectWordsSerializer)
    def partial_update(self, request, **lookup):
        """Change its words, as a moderator."""
        return self.edit(request)


class GlossaryViewSet(Listed, Retrievable, EditableActions, Vocabulary):
    """The words of the trade: what they mean, what else they are called, and with what they are confused."""

    queryset = GlossaryEntry.objects.prefetch_related("stakes")
    serializer_class = GlossaryEntrySerializer
    shape = glossary_entry_shape

    @describes(takes=GlossaryEntryWordsSerializer)
    def partial_update(self, request, **lookup):
        """Change some of its words, as a moderator."""
        return self.edit(request)


class Wordings(Vocabulary):
    queryset = Wording.objects.all()
    serializer_class = WordingSerializer
    shape = wording_shape


class WordingViewSet(Listed, Wordings):
    """Verdicts, bearings, strengths, grades and responsibilities, in words."""


class KindWordingViewSet(Grouped, EditableActions, Wordings):
    """The words for one value of one kind."""

    group_column = "kind"

    @describes(takes=WordingWordsSerializer)
    def partial_update(self, request, **lookup):
        """Change its words, as a moderator."""
        return self.edit(request)
