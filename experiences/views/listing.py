"""The list of reports."""

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited_search
from config.refused_address import refused_address
from experiences.search.filters import ReportFilterSet
from experiences.views.cards import report_cards
from experiences.views.filter_form import Listing, strengths, verdicts
from experiences.views.lens import Lens, situation_for


@require_safe
@limited_search
def index(request):
    """List published reports: filtered, searched, ordered as the address says."""
    try:
        filterset = ReportFilterSet(request.GET, request.user, situation_for(request))
        listing = Listing(request, filterset, "experiences", first=[verdicts], last=[strengths])
        cards = report_cards(listing.page.rows, filterset.query, filterset.situation, filterset.weights)
    except ValidationError as error:
        return refused_address(request, error, _("All reports"))
    context = {
        "listing": listing,
        "cards": cards,
        "lens": Lens(request, filterset.situation),
        **listing.for_search_engines(),
    }
    return render(request, "experiences/index.html", context)
