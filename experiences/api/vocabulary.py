"""The vocabulary, for programs: closed lists in both languages, with what carries each term."""

from django.urls import reverse
from rest_framework import serializers
from rest_framework.response import Response

from config.rest.pages import answer_all
from config.rest.shapes import ADDRESS, DAY, SLUGS, TEXT, TRUTH, WHOLE, component, nullable, thing
from config.rest.views import ViewSet
from experiences.api.fields import absolute
from experiences.models import Competency, Context, Effect, Stake, Wording
from experiences.models.vocabulary import listed

NAMES = {"name_en": TEXT, "name_fr": TEXT}
DEFINITIONS = {"definition_en": TEXT, "definition_fr": TEXT}
COUNTS = {"reports": WHOLE, "practices": WHOLE}
TERM = {"retired_on": nullable(DAY), "heirs": SLUGS}


class CountedSerializer(serializers.ModelSerializer):
    """A term in both languages, with the published reports and practices that carry it."""

    reports = serializers.IntegerField(read_only=True)
    practices = serializers.IntegerField(read_only=True)


class CompetencySerializer(CountedSerializer):
    stakes = serializers.SerializerMethodField()

    class Meta:
        model = Competency
        fields = [
            "slug", "name_en", "name_fr", "definition_en", "definition_fr", "stakes", "reports", "practices",
        ]  # fmt: skip

    def get_stakes(self, competency) -> list[str]:
        return [stake.slug for stake in competency.stakes.all()]


@component("Competency")
def competency_shape():
    return thing(slug=TEXT, **NAMES, **DEFINITIONS, stakes=SLUGS, **COUNTS)


class StakeSerializer(CountedSerializer):
    competency = serializers.SlugRelatedField("slug", read_only=True)
    heirs = serializers.SlugRelatedField("slug", many=True, read_only=True)
    html_url = serializers.SerializerMethodField()
    synonyms_en = serializers.SerializerMethodField()
    synonyms_fr = serializers.SerializerMethodField()

    class Meta:
        model = Stake
        fields = [
            "slug", "html_url", "competency", "name_en", "name_fr", "definition_en", "definition_fr",
            "synonyms_en", "synonyms_fr", "retired_on", "heirs", "reports", "practices",
        ]  # fmt: skip

    def get_html_url(self, stake) -> str:
        return absolute(self.context, reverse("stake", args=[stake.slug]))

    def get_synonyms_en(self, stake) -> list[str]:
        return listed(stake.synonyms_en)

    def get_synonyms_fr(self, stake) -> list[str]:
        return listed(stake.synonyms_fr)


@component("Stake")
def stake_shape():
    synonyms = {"synonyms_en": SLUGS, "synonyms_fr": SLUGS}
    belongs = {"html_url": ADDRESS, "competency": TEXT}
    return thing(slug=TEXT, **belongs, **NAMES, **DEFINITIONS, **synonyms, **TERM, **COUNTS)


class ContextSerializer(CountedSerializer):
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


@component("Context")
def context_shape():
    facet = {"facet": TEXT, "facet_name_en": TEXT, "facet_name_fr": TEXT}
    return thing(**facet, facet_required=TRUTH, facet_most=WHOLE, slug=TEXT, **NAMES, **TERM, **COUNTS)


class EffectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Effect
        fields = ["slug", "name_en", "name_fr"]


@component("Effect")
def effect_shape():
    return thing(slug=TEXT, **NAMES)


class WordingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Wording
        fields = ["kind", "slug", "name_en", "name_fr", "meaning_en", "meaning_fr"]


@component("Wording")
def wording_shape():
    return thing(kind=TEXT, slug=TEXT, **NAMES, meaning_en=TEXT, meaning_fr=TEXT)


class Vocabulary(ViewSet):
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    lookup_description = "The slug."

    def list(self, request):
        """Read the whole list, in both languages."""
        return answer_all(self.get_serializer(self.get_queryset(), many=True).data)


class Retrievable:
    def retrieve(self, request, slug):
        """Read one term, in both languages."""
        return Response(self.get_serializer(self.get_object()).data)


class CompetencyViewSet(Retrievable, Vocabulary):
    """The eight areas that group the stakes."""

    queryset = Competency.objects.with_counts().order_by("position").prefetch_related("stakes")
    serializer_class = CompetencySerializer
    shape = competency_shape


class StakeViewSet(Retrievable, Vocabulary):
    """What may be at stake."""

    queryset = (
        Stake.objects.with_counts()
        .order_by("competency__position", "position")
        .select_related("competency")
        .prefetch_related("heirs")
    )
    serializer_class = StakeSerializer
    shape = stake_shape


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
    shape = context_shape


class EffectViewSet(Vocabulary):
    """What a measure may have seen move."""

    queryset = Effect.objects.all()
    serializer_class = EffectSerializer
    shape = effect_shape


class WordingViewSet(Vocabulary):
    """Verdicts, bearings, strengths, grades and responsibilities, in words."""

    queryset = Wording.objects.all()
    serializer_class = WordingSerializer
    shape = wording_shape
