"""What a community manager answers for, for programs: ten areas, their stakes, and how well each is known."""

from django.utils.translation import get_language
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from config.rest.conditional import answer_unless_known
from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import TEXT, WHOLE, component, many, nullable, thing
from config.rest.views import ViewSet
from experiences.api.vocabulary import COUNTS, NAMES
from experiences.search.parameters import Parameters
from practices.api.evidence_map import named
from practices.api.serializers import verdicts_shape
from practices.search.evidence_map import read_states
from practices.search.role_map import NOBODY, SENIORITY, TEAM, RoleMap


def map_data(found):
    """Return a RoleMap as it is answered."""
    return {"areas": [area_data(area) for area in found.areas]}


def area_data(area):
    """Return an Area as it is answered."""
    return named(area.wording) | {
        "reports": area.reports,
        "practices": area.practices,
        "verdicts": area.verdicts,
        "stakes": [stake_data(told) for told in area.stakes],
        TEAM: {context.slug: number for context, number in area.team},
        SENIORITY: {context.slug: number for context, number in area.seniority},
        "unheld": area.unheld,
        "situations": [row.public_id for row in area.situations],
    }


def stake_data(told):
    return named(told.stake) | {
        "reports": told.reports,
        "practices": told.practices,
        "grade": None if told.grade is None else f"G{told.grade}",
        "practice": told.best and told.best.slug,
    }


@component("Responsibility")
def responsibility_shape():
    by_context = {"type": "object", "additionalProperties": WHOLE}
    stake = thing(
        slug=TEXT,
        **NAMES,
        **COUNTS,
        grade=nullable(TEXT) | {"description": "The best grade known; null where there is no practice."},
        practice=nullable(TEXT) | {"description": "The practice that holds best."},
    )
    return thing(
        slug=TEXT,
        **NAMES,
        **COUNTS,
        verdicts=verdicts_shape(),
        stakes=many(stake),
        team=by_context | {"description": "How many reports say that so many were there for the community."},
        **{SENIORITY: by_context | {"description": "How many reports were told by whom."}},
        unheld=verdicts_shape() | {"description": f"Of the reports in which nobody was (`{TEAM}={NOBODY}`)."},
        situations=many(TEXT) | {"description": "Reports of people who met a stake of it."},
    )


@component("RoleMap")
def role_map_shape():
    return thing(areas=many(responsibility_shape))


class ResponsibilityViewSet(ViewSet):
    """What a community manager answers for."""

    permission_classes = [AllowAny]
    serializer_class = Serializer

    def public_state(self, **lookup):
        return read_states(), None

    @describes(answers=role_map_shape)
    def list(self, request):
        """Read the ten areas, their stakes, and the best grade known of each."""
        Parameters(request.query_params).refuse_unknown(())
        found = RoleMap(request.user, get_language())
        return answer_unless_known(request, lambda: Response(map_data(found)), found.states)
