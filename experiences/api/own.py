"""My situation and my reports, for programs."""

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest import views
from experiences.api.fields import Contexts
from experiences.api.reports import list_items
from experiences.models import Experience, Situation
from experiences.search.pagination import keyset_page


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


class MineViewSet(views.ViewSet):
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
        return views.answer_page(request, page, list_items(page.rows, request))


def situation_data(situation):
    if situation is None:
        return {"stated_on": None, "contexts": {}}
    contexts = Contexts().to_representation(situation.contexts)
    return {"stated_on": situation.stated_on.isoformat(), "contexts": contexts}
