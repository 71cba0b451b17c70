"""The list of reports."""

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from experiences.search.filters import ReportFilterSet
from experiences.views.cards import report_cards
from experiences.views.filter_form import Listing, strengths, verdicts


@require_safe
def index(request):
    """List published reports: filtered, searched, ordered as the address says."""
    try:
        filterset = ReportFilterSet(request.GET, user=request.user)
        listing = Listing(request, filterset, "experiences", first=[verdicts], last=[strengths])
        cards = report_cards(listing.page.rows, filterset.query, filterset.situation)
    except ValidationError as error:
        return bad_request_page(request, error, _("All reports"))
    return render(request, "experiences/index.html", {"listing": listing, "cards": cards})


def bad_request_page(request, error, whole):
    """Answer 400: name each parameter that was not understood, and lead to the whole list."""
    context = {"errors": error.message_dict, "whole": whole, "url": request.path}
    return render(request, "browse/refused.html", context, status=400)
