"""/api/v1/…"""

from django.urls import include, path, re_path, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter

from accounts.api.me import MeViewSet
from accounts.api.tokens import TokenViewSet
from config.rest.operations import describes
from config.rest.problems import problem_response
from config.rest.reference_page import SchemaViewSet, reference
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, component
from config.rest.views import ViewSet
from experiences.api.keywords import KeywordViewSet
from experiences.api.own import MineViewSet
from experiences.api.questions import QuestionViewSet
from experiences.api.reports import ExperienceViewSet
from experiences.api.vocabulary import (
    CompetencyViewSet,
    ContextViewSet,
    EffectViewSet,
    FacetContextViewSet,
    FacetViewSet,
    GlossaryViewSet,
    KindWordingViewSet,
    StakeViewSet,
    WordingViewSet,
)
from practices.api.claims import ClaimViewSet, EvidenceViewSet
from practices.api.clusters import ClusterViewSet
from practices.api.evidence_map import EvidenceMapViewSet
from practices.api.moderation import FlagViewSet, ModerationViewSet
from practices.api.organisations import SameOrganisationViewSet
from practices.api.practices import PracticeViewSet
from practices.api.responsibilities import ResponsibilityViewSet
from practices.api.saved_searches import SavedSearchViewSet
from practices.api.search import SearchViewSet
from practices.figures.api import FiguresViewSet
from practices.inbox.api import NotificationViewSet
from practices.own_data.api import OwnDataViewSet


@component("Root")
def root_shape():
    return {"type": "object", "additionalProperties": ADDRESS}


class RootViewSet(ViewSet):
    """Where everything is."""

    permission_classes = [AllowAny]
    serializer_class = Serializer

    @describes(answers=root_shape)
    def list(self, request):
        """Read the addresses of the lists."""
        names = (
            "experience",
            "practice",
            "search",
            "cluster",
            "same-organisation",
            "flag",
            "moderation",
            "competency",
            "stake",
            "context",
            "effect",
            "glossary",
            "keyword",
            "wording",
            "map",
            "responsibility",
            "me",
            "token",
            "saved-search",
            "notification",
            "figures",
        )
        found = {name: reverse(f"api-{name}-list", request=request) for name in names}
        others = {name: reverse(f"api-{name}", request=request) for name in ("schema", "docs")}
        return Response(found | others)


router = SimpleRouter()
router.register("experiences", ExperienceViewSet, "api-experience")
router.register("questions", QuestionViewSet, "api-question")
router.register("practices", PracticeViewSet, "api-practice")
router.register("search", SearchViewSet, "api-search")
router.register("claims", ClaimViewSet, "api-claim")
router.register("evidence", EvidenceViewSet, "api-evidence")
router.register("clusters", ClusterViewSet, "api-cluster")
router.register("same-organisations", SameOrganisationViewSet, "api-same-organisation")
router.register("flags", FlagViewSet, "api-flag")
router.register("moderation", ModerationViewSet, "api-moderation")
router.register("competencies", CompetencyViewSet, "api-competency")
router.register("stakes", StakeViewSet, "api-stake")
router.register("contexts", ContextViewSet, "api-context")
router.register("contexts/(?P<group>[-a-zA-Z0-9_]+)", FacetContextViewSet, "api-context-value")
router.register("facets", FacetViewSet, "api-facet")
router.register("effects", EffectViewSet, "api-effect")
router.register("glossary", GlossaryViewSet, "api-glossary")
router.register("keywords", KeywordViewSet, "api-keyword")
router.register("wordings", WordingViewSet, "api-wording")
router.register("wordings/(?P<group>[-a-zA-Z0-9_]+)", KindWordingViewSet, "api-wording-value")
router.register("map", EvidenceMapViewSet, "api-map")
router.register("responsibilities", ResponsibilityViewSet, "api-responsibility")
router.register("me", MeViewSet, "api-me")
router.register("me", MineViewSet, "api-mine")
router.register("me/data", OwnDataViewSet, "api-me-data")
router.register("tokens", TokenViewSet, "api-token")
router.register("saved-searches", SavedSearchViewSet, "api-saved-search")
router.register("figures", FiguresViewSet, "api-figures")
router.register("notifications", NotificationViewSet, "api-notification")


@csrf_exempt  # Nothing is done here: a program that is wrong by a slash is told so, not that it may not.
def nothing_here(request):
    """Answer any other address under /api/ as the API answers, naming the one that was likely meant."""
    if not request.path.endswith("/") and is_address(f"{request.path}/"):
        text = _("There is nothing at this address. The right address ends in a slash: %(address)s")
        return problem_response(404, text % {"address": f"{request.path}/"})
    text = _("There is nothing at this address. All addresses are described at %(address)s")
    return problem_response(404, text % {"address": reverse("api-docs")})


def is_address(path):
    """Whether the API has something at `path`."""
    return resolve(path).func is not nothing_here


urlpatterns = [
    path("", RootViewSet.as_view({"get": "list"}, basename="api-root"), name="api-root"),
    path("schema/", SchemaViewSet.as_view({"get": "list"}, basename="api-schema"), name="api-schema"),
    path("docs/", reference, name="api-docs"),
    path("", include(router.urls)),
    re_path(r"", nothing_here),
]
