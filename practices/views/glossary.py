"""What words mean: those of this site, and those of the trade."""

from copy import copy
from functools import partial
from itertools import groupby

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from config.http.conditional_pages import conditional_detail
from experiences.list_index import held
from experiences.models.vocabulary.cache import lists
from experiences.models.vocabulary.glossary import OTHER
from experiences.models.vocabulary.terms import folded_words
from experiences.search.term_counts import TermCounts
from experiences.views.list_page.conditional import conditional_list
from practices.views.browse import competencies, read_states


@require_safe
def glossary(request):
    """Say what the words of the site mean, each with an anchor."""
    return conditional_list(request, read_states, partial(make_glossary, request))


def make_glossary(request):
    """Return (the page, the States that its numbers are of)."""
    counts, values = TermCounts(), {}
    for row in lists().contexts:
        if row.is_known and row.retired_on is None:
            values.setdefault(row.facet_id, []).append(row)
    facets = list(map(copy, lists().facets))  # Those of the lists are shared between requests.
    for facet in facets:
        facet.values = values.get(facet.pk, [])
    context = {"words": lists().wordings, "facets": facets, "competencies": competencies(counts)}
    return render(request, "browse/glossary.html", context), counts.states


@require_safe
def trade_words(request):
    """List the words of the trade by their first letter in the reader's language."""
    return conditional_detail(request, held.read_states, partial(make_trade_words, request))


def make_trade_words(request):
    entries = sorted(lists().glossary, key=in_order)
    letters = [(letter, list(rows)) for letter, rows in groupby(entries, key=first_letter)]
    context = {"letters": letters, "count": len(entries), "api_url": "/api/v1/glossary/"}
    return render(request, "browse/trade_words.html", context)


def in_order(entry):
    return folded_words(entry.label)


def first_letter(entry):
    """Return the letter that an entry stands under; "#" for what begins with a number."""
    letter = in_order(entry)[:1].upper()
    return letter if letter.isalpha() else "#"


@require_safe
def trade_word(request, slug):
    """Say what one word of the trade means."""
    return conditional_detail(request, held.read_states, partial(make_trade_word, request, slug))


def make_trade_word(request, slug):
    entry = next((one for one in lists().glossary if one.slug == slug), None)
    if entry is None:
        raise Http404
    other = OTHER[get_language()]
    context = {
        "entry": entry,
        "other": other,
        "called_there": entry.called_in(other),
        "stakes": [stake for stake in entry.stakes.all() if stake.retired_on is None],
        "canonical": settings.SITE_URL + entry.get_absolute_url(),
        "api_url": f"/api/v1/glossary/{entry.slug}/",
    }
    return render(request, "browse/trade_word.html", context)
