"""The list of reports."""

from functools import partial

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited_search
from experiences.list_index import held
from experiences.models import ListedReport
from experiences.search.reports import ReportFilterSet
from experiences.views.cards import report_cards
from experiences.views.lens import situation_for
from experiences.views.list_page.address import params_asked, refused_list
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.facets import strengths, verdicts
from experiences.views.list_page.languages import language_first
from experiences.views.list_page.listing import Listing


@require_safe
@limited_search
def index(request):
    """List published reports: filtered, searched, ordered as the address says."""
    return conditional_list(request, partial(held.read_states, ListedReport), partial(make_index, request))


def make_index(request):
    """Return (the list as a page, the States that it is of); without States where it is none."""
    try:
        filterset = ReportFilterSet(
            params_asked(request), request.user, situation_for(request), language_first(request)
        )
        listing = Listing(request, filterset, "experiences", own=[verdicts], last=[strengths])
        if listing.plainer_url:
            return redirect(listing.plainer_url), None
        rows = listing.page.rows
        cards = report_cards(rows, filterset.matches(rows), filterset.situation, filterset.weights)
    except ValidationError as error:
        return refused_list(request, error, _("All reports")), None
    context = {"listing": listing, "cards": cards, **listing.for_search_engines()}
    return render(request, "experiences/index.html", context), filterset.states
