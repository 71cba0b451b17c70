"""Search: one question, answered of every kind; and what is suggested while it is typed."""

from functools import partial
from operator import attrgetter
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited, limited_search
from config.http.refused_address import refused_address
from experiences.search.parameters import Parameters
from experiences.views.cards import report_cards
from experiences.views.list_page.conditional import conditional_list
from practices.search.everywhere import STAKES, TERMS, SearchEverywhere
from practices.search.filters import PracticeFilterSet
from practices.search.suggestions import suggestions
from practices.views.cards import practice_cards

KINDS = ("stakes", "terms")  # whose results have no page of their own


@require_safe
@limited_search
def search(request):
    """Answer ?q= with what is found of each kind; ?kind= with all that is found of one."""
    return conditional_list(request, PracticeFilterSet.read_states, partial(make_search, request))


def make_search(request):
    """Return (the page, the States that it is of)."""
    try:
        parameters = Parameters(request.GET)
        parameters.refuse_unknown({"q", "kind"})
        text, kind = parameters.one("q"), parameters.choice("kind", ("", *KINDS))
    except ValidationError as error:
        return refused_address(request, error, _("Search without this")), None
    found = SearchEverywhere(text, request.user, get_language(), reads=get_language())
    if not found.query:
        return render(request, "search/search.html", {"noindex": True}), PracticeFilterSet.read_states()
    context = {"found": found, "q": text, "kind": kind, "noindex": True, **_cards(found)}
    context |= _links(found, text, kind)
    return render(request, "search/search.html", context), found.states


def _cards(found):
    """Return the cards of practices and reports, those in the other language apart."""
    reports, practices = found.reports, found.practices
    return {
        "reports": report_cards(reports.best, reports.found),
        "practices": practice_cards(practices.best, practices),
        "other": {
            "code": found.other,
            "practices": _lines(practices, "practices:detail", attrgetter("slug")),
            "reports": _lines(reports, "experiences:detail", attrgetter("public_id")),
            "count": practices.elsewhere_count + reports.elsewhere_count,
        },
    }


def _lines(found, name, key_of):
    """Return what leads to the first rows in the other language that do not stand among the best already."""
    there = {row.pk for row in found.best}
    rows = [row for row in found.elsewhere if row.pk not in there]
    return [{"url": reverse(name, args=[key_of(row)]), "title": row.told["title"]} for row in rows]


def _links(found, text, kind):
    """Return what of stakes and words of the trade is shown, and where all that is found of a kind is."""
    q = urlencode({"q": text})
    lists = {"practices": reverse("practices:index"), "reports": reverse("experiences:index")}
    return {
        "stakes": found.first_stakes,
        "more_stakes": found.stakes.rows[STAKES:] if kind == "stakes" else [],
        "terms": found.terms.rows if kind == "terms" else found.terms.rows[:TERMS],
        "all": {name: f"{path}?{q}" for name, path in lists.items()}
        | {name: f"{reverse('search')}?{q}&kind={name}" for name in KINDS}
        | {"kinds": f"{reverse('search')}?{q}"},
        "all_other": {name: f"{path}?{q}&language={found.other}" for name, path in lists.items()},
        "api_url": f"{reverse('api-search-list')}?{q}",
    }


@require_safe
@limited("suggestions")
def suggest(request):
    """Give, as JSON, what the words typed so far may be meant to become."""
    found = suggestions(request.GET.get("q", ""), request.user)
    return JsonResponse({"suggestions": [vars(one) for one in found]}, headers={"Cache-Control": "no-store"})
