"""The list of reports."""

from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited, limited_search
from experiences.list_index import held
from experiences.models import Experience, ListedReport
from experiences.models.vocabulary.cache import lists
from experiences.search.reports import ReportFilterSet
from experiences.views.cards import report_cards
from experiences.views.lens import situation_for
from experiences.views.list_page.address import params_asked, refused_list
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.facets import natures, strengths, verdicts
from experiences.views.list_page.languages import language_first
from experiences.views.list_page.listing import Listing
from experiences.views.list_page.spreadsheet import labels_of, one_cell, spreadsheet


@require_safe
@limited_search
def index(request):
    """List published reports: filtered, searched, ordered as the address says."""
    return conditional_list(request, partial(held.read_states, ListedReport), partial(make_index, request))


def filterset_of(request):
    """Return what finds the rows of the list, as its address and the reader's choices say."""
    return ReportFilterSet(
        params_asked(request), request.user, situation_for(request), language_first(request)
    )


def make_index(request):
    """Return (the list as a page, the States that it is of); without States where it is none."""
    try:
        filterset = filterset_of(request)
        listing = Listing(request, filterset, "experiences", own=[verdicts], last=[natures, strengths])
        if listing.plainer_url:
            return redirect(listing.plainer_url), None
        rows = listing.page.rows
        cards = report_cards(rows, filterset.matches(rows), filterset.situation, filterset.weights)
    except ValidationError as error:
        return refused_list(request, error, _("All reports")), None
    context = {"listing": listing, "cards": cards, **listing.for_search_engines()}
    return render(request, "experiences/index.html", context), filterset.states


@require_safe
@limited("searches")
def as_csv(request):
    """Give the list as a file: the rows that fit, in its order."""
    facets = lists().facets
    columns = [
        *(_("Title"), _("Address"), _("Language"), _("Verdict"), _("Strength"), _("Began"), _("Ended")),
        *(_("Stakes"), *(facet.label for facet in facets), _("Keywords"), _("Author"), _("Published")),
        _("Excerpt"),
    ]

    def cells_of(row):
        told = row.told
        stakes, contexts = labels_of(told)
        return [
            told["title"],
            settings.SITE_URL + reverse("experiences:detail", args=[row.public_id]),
            str(Experience.Language(told["language"]).label),
            str(Experience.Verdict(told["verdict"]).label),
            str(Experience.Strength[told["strength"]].label),
            told["started_on"] or "",
            told["ended_on"] or "",
            one_cell(stakes),
            *(one_cell(contexts.get(facet.slug, ())) for facet in facets),
            one_cell(told["keywords"]),
            row.byline or _("Name withheld"),
            told["published_on"],
            told["excerpt"],
        ]

    try:
        return spreadsheet(filterset_of(request), columns, cells_of, "retex-reports.csv")
    except ValidationError as error:
        return refused_list(request, error, _("All reports"))
