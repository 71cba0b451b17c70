"""The list of reports as one writes it first: a ModelSerializer, and taggit's tags prefetched."""

from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny

from experiences.models import Experience


class NaiveSerializer(serializers.ModelSerializer):
    stakes = serializers.SlugRelatedField("slug", many=True, read_only=True)
    contexts = serializers.StringRelatedField(many=True)
    keywords = serializers.StringRelatedField(many=True)
    author = serializers.CharField(source="byline", allow_null=True)

    class Meta:
        model = Experience
        fields = [
            "public_id", "title", "language", "verdict", "strength", "identity", "started_on", "ended_on",
            "effort_people", "effort_hours", "effort_weeks", "published_on", "version", "result", "author",
            "stakes", "contexts", "keywords",
        ]  # fmt: skip


class Pages(PageNumberPagination):
    page_size = 25


class NaiveList(ListAPIView):
    serializer_class, pagination_class = NaiveSerializer, Pages
    permission_classes, throttle_classes = [AllowAny], []
    queryset = (
        Experience.objects.published()
        .order_by("-order_key")
        .select_related("author")
        .prefetch_related("stakes", "contexts__facet", "keywords")
    )
