"""The searches a member keeps, for programs."""

from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import answer_all
from config.rest.serializers import ModelSerializer
from config.rest.shapes import ADDRESS, TEXT, WHOLE, component, properties_of, thing
from config.rest.views import ViewSet
from practices.models import KeptSearch

GIVEN = ("id", "url", "results_url", "html_url", "feed_url", "version")  # Read, never written.


class SavedSearchSerializer(ModelSerializer):
    """`query` are the parameters of the list's address: “stake=first-steps&verdict=worked”."""

    unseen = ("owner",)
    needed = ("name", "list")
    example = {"name": "First steps", "list": "reports", "query": "stake=first-steps", "alert": "weekly"}

    list = fields.Choice(KeptSearch.Kind.values, source="kind", required=False)

    class Meta:
        model = KeptSearch
        fields = ["name", "list", "query", "alert"]

    def get_fields(self):
        return super().get_fields() | {name: serializers.ReadOnlyField() for name in GIVEN}

    def to_representation(self, search):
        """Return a search with where it is found, here and elsewhere."""
        request = self.context["request"]
        address = request.build_absolute_uri
        return {
            "id": search.public_id,
            "url": reverse("api-saved-search-detail", args=[search.public_id], request=request),
            "name": search.name,
            "list": search.kind,
            "query": search.query,
            "results_url": address(search.api_path),
            "html_url": address(search.get_absolute_url()),
            "feed_url": address(search.feed_path),
            "alert": search.alert,
            "version": search.version,
        }


@component("SavedSearch")
def saved_search_shape():
    addresses = dict.fromkeys(("url", "results_url", "html_url", "feed_url"), ADDRESS)
    return thing(id=TEXT, **addresses, **properties_of(SavedSearchSerializer), version=WHOLE)


class SavedSearchViewSet(ViewSet):
    """The searches that I keep, each with a feed of its own and, if I choose, e-mails about what is new.

    The feed can be read by whoever has its address, and ends with the search.
    """

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = SavedSearchSerializer
    shape = saved_search_shape
    lookup_field = "public_id"
    lookup_value_regex = "[a-z0-9]{12}"
    lookup_description = "The id of the search: 12 characters."

    def get_queryset(self):
        return KeptSearch.objects.visible_to(self.request.user)

    def list(self, request):
        """Read the searches that I keep."""
        return answer_all([self.data_of(search) for search in self.get_queryset()])

    def retrieve(self, request, public_id):
        """Read a search."""
        return Response(self.data_of(self.get_object()))

    @describes(takes=SavedSearchSerializer, code=201)
    def create(self, request):
        """Keep a search."""
        return once(request, self.create_and_answer)

    @describes(takes=SavedSearchSerializer)
    def update(self, request, public_id, partial=False):
        """Change a search; a field left out keeps its value."""
        return self.update_and_answer(partial)

    @describes(takes=SavedSearchSerializer)
    def partial_update(self, request, public_id):
        """Change some fields of a search."""
        return self.update(request, public_id, partial=True)

    @describes(code=204, heeds_version=True)
    def destroy(self, request, public_id):
        """Delete a search, with its feed and its e-mails."""
        self.get_object_for_verb().delete()
        return Response(status=204)
