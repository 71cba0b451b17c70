"""My situation and my reports, for programs."""

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest.operations import describes
from config.rest.pages import CURSOR, answer_page, page_shape
from config.rest.shapes import DAY, TEXT, WHOLE, component, nullable, thing
from config.rest.views import ViewSet
from experiences.api.fields import CONTEXTS, Contexts
from experiences.api.matches import MATCH
from experiences.api.serializers import item_properties, list_items
from experiences.models import Experience, Situation
from experiences.reads.use import with_use
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


@component("MyExperienceItem")
def my_item_shape():
    """An item with what became of it: `reads` is about how many, and null under ten."""
    numbers = dict.fromkeys(("claims", "practices", "trials"), WHOLE)
    shape = thing(**item_properties(), excerpt=TEXT, use=nullable(thing(**numbers, reads=nullable(WHOLE))))
    shape["properties"]["match"] = MATCH
    return shape


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
    @describes(answers=page_shape(my_item_shape, "MyExperienceList"), parameters={"cursor": CURSOR})
    def experiences(self, request):
        """Read my reports, in every state, the newest first, with the use that is made of each."""
        mine = Experience.objects.visible_to(request.user).filter(author=request.user)
        page = keyset_page(mine.for_list(), ["-id"], request.query_params.get("cursor", ""), 25)
        page.count = mine.count()
        items = list_items(with_use(page.rows), {"request": request})
        used = [report.use and report.use.as_data() for report in page.rows]
        return answer_page(
            request, page, [item | {"use": use} for item, use in zip(items, used, strict=True)]
        )


def situation_data(situation):
    if situation is None:
        return {"stated_on": None, "contexts": {}}
    contexts = Contexts().to_representation(situation.contexts)
    return {"stated_on": situation.stated_on.isoformat(), "contexts": contexts}
