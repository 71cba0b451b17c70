"""One question, answered of every kind, for programs."""

import json

from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from config.rest.conditional import answer_unless_known
from config.rest.operations import describes
from config.rest.pages import SPELLED, WORDS
from config.rest.serializers import Serializer
from config.rest.shapes import TEXT, TRUTH, WHOLE, component, many, one_of, thing
from config.rest.views import ViewSet
from experiences.api.serializers import experience_item_shape
from experiences.api.serializers import stored_items as report_items
from experiences.api.vocabulary import (
    GlossaryEntrySerializer,
    StakeSerializer,
    glossary_entry_shape,
    stake_shape,
)
from experiences.models import Experience
from experiences.search.parameters import Parameters
from experiences.search.term_counts import TermCounts
from practices.api.serializers import practice_item_shape
from practices.api.serializers import stored_items as practice_items
from practices.search.everywhere import SearchEverywhere
from practices.search.filters import PracticeFilterSet

MOST = 10  # stakes, and words of the trade

PARAMETERS = {
    "q": 'What is looked for, in one\'s own words. "Exact phrase", -word to leave out, OR between words.',
}


def found_shape(item):
    return thing(count=WHOLE, results=many(item))


@component("Search")
def search_shape():
    reports, practices = found_shape(experience_item_shape), found_shape(practice_item_shape)
    stakes = found_shape(stake_shape)
    stakes["properties"]["near"] = TRUTH | {
        "description": "Whether none has enough of the words: these come nearest, and are not counted."
    }
    stakes["required"].append("near")
    other = thing(language=one_of(Experience.Language.values), practices=practices, reports=reports)
    shape = thing(
        query=TEXT,
        stakes=stakes,
        practices=practices,
        reports=reports,
        terms=found_shape(glossary_entry_shape),
        other_language=other
        | {"description": "What is written in the other language, ranked within itself."},
        spelled=SPELLED,
    )
    shape["properties"]["words"] = WORDS
    return shape


class SearchViewSet(ViewSet):
    """Search: stakes, practices, reports and words of the trade at once."""

    permission_classes = [AllowAny]
    serializer_class = Serializer
    shape = search_shape

    @describes(answers=search_shape, parameters=PARAMETERS)
    def list(self, request):
        """Find what answers a question: of each kind how many there are, and the first few."""
        return answer_unless_known(
            request, lambda: Response(self.answer(request)), PracticeFilterSet.read_states()
        )

    def public_state(self, **lookup):
        return PracticeFilterSet.read_states(), None

    def answer(self, request):
        text = Parameters(request.query_params).one("q")
        found = SearchEverywhere(text, request.user, get_language())
        reports, practices = found.reports, found.practices
        body = {
            "query": found.query.text,
            "stakes": self.stakes(found.stakes),
            "practices": self.rows(practices, practices.count, practices.best, practice_items),
            "reports": self.rows(reports, reports.count, reports.best, report_items),
            "terms": self.terms(found.terms),
            "other_language": {
                "language": found.other,
                "practices": self.rows(
                    practices, practices.elsewhere_count, practices.elsewhere, practice_items
                ),
                "reports": self.rows(reports, reports.elsewhere_count, reports.elsewhere, report_items),
            },
            "spelled": found.spelled,
        }
        return body | ({"words": "some"} if found.lacks_words else {})

    def rows(self, found, count, rows, items_of):
        context = {"request": self.request, "matches": found.found}
        return {"count": count, "results": [json.loads(one) for one in items_of(rows, context)]}

    def stakes(self, found):
        rows = found.rows[:MOST]
        prefetch_related_objects(rows, "heirs")
        context = self.get_serializer_context() | {"counts": TermCounts()}
        results = StakeSerializer(rows, many=True, context=context).data
        return {"count": 0 if found.is_near else len(found.rows), "near": found.is_near, "results": results}

    def terms(self, found):
        rows = [] if found.is_near else found.rows
        context = self.get_serializer_context()
        results = GlossaryEntrySerializer(rows[:MOST], many=True, context=context).data
        return {"count": len(rows), "results": results}
