"""The public figures of the site, for programs."""

from django.urls import reverse
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, WHOLE, component, many, nullable, thing
from config.rest.views import ViewSet
from practices.figures.views import SERIES
from practices.models import Figures
from practices.models.practice.content import Grade

EXACT = ("reports", "practices", "trials", "questions_answered")
NOT_UNDER_FIVE = ("organisations", "days_to_publication", "days_to_return")


@component("Figures")
def figures_shape():
    """What is null is too small to be said, or not counted yet."""
    month = thing(month={"type": "string", "pattern": r"^\d{4}-\d{2}$"}, **dict.fromkeys(SERIES, WHOLE))
    return thing(
        made_at=nullable({"type": "string", "format": "date-time"}),
        **dict.fromkeys([*EXACT, *NOT_UNDER_FIVE], nullable(WHOLE)),
        grades=thing(**dict.fromkeys(Grade.names, WHOLE)),
        months=many(month),
        html_url=ADDRESS,
    )


class FiguresViewSet(ViewSet):
    """The figures of the site, as the worker counted them last."""

    permission_classes = [AllowAny]
    serializer_class = Serializer
    shape = figures_shape

    @describes(answers=figures_shape)
    def list(self, request):
        """Read how much there is, and what was new in each of the last months."""
        made = Figures.objects.latest_made()
        data = made.data if made else {}
        body = {"made_at": made.made_at.isoformat(timespec="seconds") if made else None}
        body |= {name: data.get(name) for name in (*EXACT, *NOT_UNDER_FIVE)}
        body["grades"] = {name: data.get("grades", {}).get(name, 0) for name in Grade.names}
        body["months"] = data.get("months", [])
        return Response(body | {"html_url": request.build_absolute_uri(reverse("figures"))})
