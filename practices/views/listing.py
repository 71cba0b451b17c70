"""The list of practices: how sure we are, and for whom, before what."""

from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited, limited_search
from experiences.list_index import held
from experiences.models import Experience, ListedReport, Wording
from experiences.models.vocabulary.cache import lists
from experiences.views.lens import situation_for
from experiences.views.list_page.address import params_asked, refused_list
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.facets import Filter, Option
from experiences.views.list_page.languages import language_first
from experiences.views.list_page.listing import Listing
from experiences.views.list_page.spreadsheet import labels_of, one_cell, spreadsheet
from practices.models import ListedPractice
from practices.search.filters import PracticeFilterSet
from practices.views.cards import practice_cards


@require_safe
@limited_search
def index(request):
    """List published practices: filtered, searched, ordered as the address says."""
    states = partial(held.read_states, ListedPractice, ListedReport)
    return conditional_list(request, states, partial(make_index, request))


def filterset_of(request):
    """Return what finds the rows of the list, as its address and the reader's choices say."""
    return PracticeFilterSet(
        params_asked(request),
        request.user,
        situation_for(request),
        first=language_first(request),
        reads=get_language(),
    )


def make_index(request):
    """Return (the list as a page, the States that it is of); without States where it is none."""
    try:
        filterset = filterset_of(request)
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


@require_safe
@limited("searches")
def as_csv(request):
    """Give the list as a file: the rows that fit, in its order."""
    facets = lists().facets
    columns = [
        *(_("Title"), _("Address"), _("Language"), _("Grade"), _("Summary"), _("Stakes")),
        *(facet.label for facet in facets),
        *(verdict.label for verdict in Experience.Verdict),
        *(_("Version"), _("Published"), _("Review due")),
    ]

    def cells_of(row):
        told, grade = row.told, row.graded
        stakes, contexts = labels_of(told)
        return [
            told["title"],
            settings.SITE_URL + reverse("practices:detail", args=[row.slug]),
            str(Experience.Language(told["language"]).label),
            f"G{grade.grade} {grade.get_grade_display()}",
            told["summary"],
            one_cell(stakes),
            *(one_cell(contexts.get(facet.slug, ())) for facet in facets),
            *(str(told["verdicts"][verdict]) for verdict in Experience.Verdict),
            str(told["version"]),
            told["published_on"],
            told["review_due_on"] or "",
        ]

    try:
        return spreadsheet(filterset_of(request), columns, cells_of, "retex-practices.csv")
    except ValidationError as error:
        return refused_list(request, error, _("All practices"))
