"""The list of practices: how sure we are, and for whom, before what."""

from functools import partial

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited_search
from experiences.list_index import held
from experiences.models import ListedReport, Wording
from experiences.models.vocabulary.cache import lists
from experiences.views.lens import situation_for
from experiences.views.list_page.address import params_asked, refused_list
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.facets import Filter, Option
from experiences.views.list_page.languages import language_first
from experiences.views.list_page.listing import Listing
from practices.models import ListedPractice
from practices.search.filters import PracticeFilterSet
from practices.views.cards import practice_cards


@require_safe
@limited_search
def index(request):
    """List published practices: filtered, searched, ordered as the address says."""
    states = partial(held.read_states, ListedPractice, ListedReport)
    return conditional_list(request, states, partial(make_index, request))


def make_index(request):
    """Return (the list as a page, the States that it is of); without States where it is none."""
    try:
        filterset = PracticeFilterSet(
            params_asked(request),
            request.user,
            situation_for(request),
            first=language_first(request),
            reads=get_language(),
        )
        listing = Listing(request, filterset, "practices", own=[grades])
        if listing.plainer_url:
            return redirect(listing.plainer_url), None
        cards = practice_cards(listing.page.rows, filterset)
    except ValidationError as error:
        return refused_list(request, error, _("All practices")), None
    words = lists().wordings[Wording.Kind.GRADE]
    context = {"listing": listing, "cards": cards, "grades": words, **listing.for_search_engines()}
    return render(request, "practices/index.html", context), filterset.states


def grades(facets):
    """Make the filter of grades: at least this one."""
    chosen, numbers = facets.of("min_grade"), facets.counts["grade"]
    options = [Option("", _("Any"), chosen=not chosen)]
    for row in lists().wordings[Wording.Kind.GRADE]:
        if row.slug == "G0":  # any
            continue
        count = sum(number for grade, number in numbers.items() if grade >= row.slug)
        label = _("%(name)s or better") % {"name": row.label}
        options.append(Option(row.slug, label, count, row.slug in chosen))
    return Filter("min_grade", _("Grade"), options, control="radio", open=True)
