"""My situation and my reports, for programs."""

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest.operations import describes
from config.rest.pages import CURSOR, answer_page, page_shape
from config.rest.shapes import DAY, component, nullable, thing
from config.rest.views import ViewSet
from experiences.api.fields import CONTEXTS, Contexts
from experiences.api.serializers import experience_item_shape, list_items
from experiences.models import Experience, Situation
from experiences.search.pagination import keyset_page


class SituationSerializer(serializers.Serializer):
    contexts = Contexts()
    shape = CONTEXTS

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


@component("Situation")
def situation_shape():
    return thing(stated_on=nullable(DAY), contexts=CONTEXTS)


class MineViewSet(ViewSet):
    """My situation and my reports."""

    serializer_class = SituationSerializer
    permission_classes = [ScopeAllows, IsAuthenticated]
    shape = situation_shape
    tag = "me"

    @action(detail=False)
    def situation(self, request):
        """Read my situation."""
        return Response(situation_data(Situation.of(request.user)))

    @situation.mapping.put
    @describes(takes=SituationSerializer)
    def state_situation(self, request):
        """Replace my situation: each facet with a list of values."""
        Situation.state(self.read_body()["contexts"], by=request.user)
        return Response(situation_data(Situation.of(request.user)))

    @action(detail=False)
    @describes(answers=page_shape(experience_item_shape, "MyExperienceList"), parameters={"cursor": CURSOR})
    def experiences(self, request):
        """Read my reports, in every state, the newest first."""
        mine = Experience.objects.visible_to(request.user).filter(author=request.user)
        page = keyset_page(mine.for_list(), ["-id"], request.query_params.get("cursor", ""), 25)
        page.count = mine.count()
        return answer_page(request, page, list_items(page.rows, {"request": request}))


def situation_data(situation):
    if situation is None:
        return {"stated_on": None, "contexts": {}}
    contexts = Contexts().to_representation(situation.contexts)
    return {"stated_on": situation.stated_on.isoformat(), "contexts": contexts}
