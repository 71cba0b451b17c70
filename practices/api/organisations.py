"""Which names are one organisation, for programs of curators."""

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import answer_all, page_shape
from config.rest.serializers import Serializer
from config.rest.shapes import DAY, WHOLE, component, nullable, properties_of, thing
from config.rest.views import ViewSet
from experiences.api.fields import BYLINE
from practices.models import SameOrganisation
from practices.models.practice.state import require_curator


class SameOrganisationSerializer(Serializer):
    name = fields.Text(SameOrganisation._meta.get_field("name"))
    other = fields.Text(SameOrganisation._meta.get_field("other"))


def same_organisation_data(row):
    """Return two names that a curator said to be one organisation, and whether that was undone."""
    return {
        "id": row.pk,
        "name": row.name,
        "other": row.other,
        "said_by": {"name": str(row.by)} if row.by else None,
        "said_on": row.at.date().isoformat(),
        "undone_on": row.undone_at.date().isoformat() if row.undone_at else None,
    }


@component("SameOrganisation")
def same_organisation_shape():
    names = properties_of(SameOrganisationSerializer)
    return thing(id=WHOLE, **names, said_by=BYLINE, said_on=DAY, undone_on=nullable(DAY))


class SameOrganisationViewSet(ViewSet):
    """Names that count as one organisation: for curators. Whether anybody uses them, nothing here tells."""

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = SameOrganisationSerializer
    lookup_value_regex = "[0-9]{1,15}"
    lookup_description = "The id of what was said."
    shape = same_organisation_shape

    def get_queryset(self):
        return SameOrganisation.objects.visible_to(self.request.user).select_related("by")

    @describes(answers=page_shape(same_organisation_shape))
    def list(self, request):
        """Read which names curators said to be one organisation, the newest first."""
        require_curator(request.user)
        return answer_all([same_organisation_data(row) for row in self.get_queryset()])

    @describes(takes=SameOrganisationSerializer, code=201)
    def create(self, request):
        """Say that two names are one organisation, as a curator."""
        require_curator(request.user)

        def create():
            row = SameOrganisation.objects.say(by=request.user, **self.read_body())
            return Response(same_organisation_data(row), status=status.HTTP_201_CREATED)

        return once(request, create)

    @action(detail=True, methods=["post"])
    @describes()
    def undo(self, request, pk):
        """Let two names count apart again."""
        row = self.get_object()
        self.refuse_body()
        return Response(same_organisation_data(row.undo(by=request.user)))
