"""Lists of reports and practices: what they take in their address, and how they are answered."""

from rest_framework.response import Response

from config.rest.conditional import answer_unless_known, is_known, names_a_tag, tag_of
from config.rest.pages import CURSOR, answer_page
from config.rest.shapes import TEXT, many, one_of
from experiences.models import Experience, Facet
from experiences.search.filters import LARGEST_PAGE, PAGE
from experiences.search.reports import ReportFilterSet
from experiences.search.similarity import MORE, WEIGHTS

SEVERAL = many(TEXT)


def report_parameters():
    """Yield (name, description, schema) of what the list of reports takes."""
    yield from filter_parameters(ReportFilterSet)
    yield "verdict", "The outcome.", many(one_of(Experience.Verdict.values))
    yield "not_verdict", "An outcome to leave out.", many(one_of(Experience.Verdict.values))
    natures = many(one_of(Experience.Nature.values))
    yield "nature", "What is told: something tried, a near miss or a warning; repeated: any of them.", natures
    yield "not_nature", "What is told, to leave out.", natures
    yield "min_strength", "The least strength.", one_of(Experience.Strength.names)
    yield "keyword", "A free keyword.", TEXT


def filter_parameters(filterset):
    """Yield (name, description, schema) of what every list takes; its `filterset` knows the orders."""
    yield "q", "Words to search for.", TEXT
    yield "stake", "A stake; repeated: all of them.", SEVERAL
    yield "not_stake", "A stake to leave out.", SEVERAL
    for facet in Facet.objects.all():
        yield facet.slug, f"{facet.name_en}; repeated: any of them.", SEVERAL
        yield f"not_{facet.slug}", f"{facet.name_en}: values to leave out.", SEVERAL
    yield "language", "The language it is written in.", many(one_of(Experience.Language.values))
    yield "updated_since", "Changed since this date or time.", TEXT
    yield "ordering", "The order; newest if not given.", one_of(filterset.orderings)
    facets = many(one_of(WEIGHTS))
    yield "likeness_without", "In the order by likeness: a facet that does not count.", facets
    yield "likeness_more", f"In the order by likeness: a facet that weighs {MORE} times as much.", facets
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    yield "page_size", "How many at once.", size
    yield "cursor", CURSOR, TEXT
    yield "facets", "1: also count the values of each facet.", one_of(["0", "1"])


class KnownByState:
    """Views of published rows whose answers to visitors are known by what is stored: the list by the states
    of the lists, a row by what `row_state(**lookup)` returns: a pair, as public_state() does, or None.
    """

    filterset = row_state = None

    def public_state(self, **lookup):
        if self.action == "list":
            return self.filterset.read_states(), None
        return self.row_state(**lookup) if self.action == "retrieve" else None

    def answer_row(self, request, **lookup):
        """Answer with one row; to a visitor who has it already, that it has not changed."""
        told = None if request.user.is_authenticated else self.public_state(**lookup)
        return answer_unless_known(request, self.read_one, *(told or ()))

    def read_one(self):
        return Response(self.get_serializer(self.get_object()).data)


def answer_list(request, filterset, items_of):
    """Answer a page of what `filterset` finds, as the items that `items_of(rows, context)` makes; who has it
    already is told so before it is made.
    """
    if names_a_tag(request):
        tag = tag_of(request, filterset.validator(filterset.read_states()))
        if is_known(request, tag):
            return Response({}, headers={"ETag": tag})
    page = filterset.page()
    context = {"request": request, "matches": filterset.matches(page.rows)}
    response = answer_page(request, page, items_of(page.rows, context), filterset)
    response["ETag"] = tag_of(request, filterset.validator(filterset.states))
    return response
