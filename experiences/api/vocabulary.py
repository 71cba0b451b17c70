"""The vocabulary, for programs: closed lists in both languages, with what carries each term."""

from django.urls import reverse
from rest_framework import serializers
from rest_framework.response import Response

from config.rest import views
from experiences.api.fields import absolute
from experiences.models import Competency, Context, Effect, Stake, Wording
from experiences.models.vocabulary import listed


class CountedSerializer(serializers.ModelSerializer):
    """A term in both languages, with the published reports and practices that carry it."""

    reports = serializers.IntegerField(read_only=True)
    practices = serializers.IntegerField(read_only=True)


class CompetencySerializer(CountedSerializer):
    stakes = serializers.SerializerMethodField()

    class Meta:
        model = Competency
        fields = ["slug", "name_en", "name_fr", "definition_en", "definition_fr", "stakes", "reports", "practices"]  # fmt: skip

    def get_stakes(self, competency) -> list[str]:
        return [stake.slug for stake in competency.stakes.all()]


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


class EffectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Effect
        fields = ["slug", "name_en", "name_fr"]


class WordingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Wording
        fields = ["kind", "slug", "name_en", "name_fr", "meaning_en", "meaning_fr"]


class Vocabulary(views.ViewSet):
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def list(self, request):
        """Read the whole list, in both languages."""
        return views.answer_all(self.get_serializer(self.get_queryset(), many=True).data)


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
