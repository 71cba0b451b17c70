"""The pages one arrives by: home, and the stakes."""

from collections import Counter
from copy import copy
from functools import partial
from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from experiences.forms import VisitForm
from experiences.list_index import tags
from experiences.models import Experience
from experiences.models.vocabulary.cache import lists
from experiences.search.reports import ReportFilterSet
from experiences.search.term_counts import TermCounts
from experiences.views.cards import report_cards
from experiences.views.lens import Lens, situation_for
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.languages import language_first
from practices.search.evidence_map import read_states, states_of
from practices.search.filters import PracticeFilterSet
from practices.views.listing import practice_cards

ON_HOME = 5
DRAWN_FROM = 30  # the newest reports, of which home shows some
FAILURES = Experience.Verdict.FAILURES


@require_safe
def home(request):
    """Say what this is, and open its doors: stakes, newest reports, best practices."""
    return conditional_list(request, read_states, partial(make_home, request))


def make_home(request):
    """Return (the page, the States that its lists are of)."""
    reports = NewestWithAFailure(request.user, language_first(request))
    situation = situation_for(request)
    practices = best_practices(request, situation, ON_HOME)
    newest, best = reports.page(), practices.page()
    context = {
        "report_count": newest.count,
        "practice_count": best.count,
        "competencies": competencies(TermCounts([one.lists_held[0] for one in (reports, practices)])),
        "reports": report_cards(spread(newest.rows, ON_HOME), situation=situation, compact=True),
        "practices": practice_cards(best.rows, practices, compact=True),
        "lens": Lens(request, situation),
        "visit_form": None if situation else VisitForm(),
    }
    return render(request, "home.html", context), states_of(reports, practices)


class NewestWithAFailure(ReportFilterSet):
    """The newest reports, of which home shows some; when all went well, the newest failure is the last."""

    def __init__(self, user, first):
        super().__init__(QueryDict(f"page_size={DRAWN_FROM}"), user, first=first)

    def keys_of_page(self):
        keys, page = super().keys_of_page()
        failed = self.columns.having([tags.said("verdict", verdict) for verdict in FAILURES])
        failure = self.columns.keys[self.columns.page(self.bits & failed, 1)].tolist()
        if failure and failure[0] not in keys:
            keys += failure
        return keys, page


def spread(rows, most):
    """Return `most` of `rows`, which come newest first, spread over competencies, years and names shown; one
    of a failure among them, if any is.

    Where a name is withheld, nothing tells of whom it is: such a row stands back for no other.
    """
    left, chosen, seen = list(rows), [], Counter()
    competency = {stake.slug: stake.competency_id for stake in lists().stakes}
    while left and len(chosen) < most:
        failure_due = len(chosen) == most - 1 and not any(row.told["verdict"] in FAILURES for row in chosen)
        failures = [row for row in left if row.told["verdict"] in FAILURES]
        best = min(
            (failure_due and failures) or left,
            key=lambda row: sum(seen[mark] for mark in marks_of(row, competency)),
        )
        left.remove(best)
        chosen.append(best)
        seen.update(marks_of(best, competency))
    return chosen


def marks_of(row, competency):
    """Return what `row` has that others shown with it should not have, too."""
    told = row.told
    marks = {("competency", competency.get(slug)) for slug in told["stakes"]}
    marks.add(("year", (told["ended_on"] or told["started_on"] or told["published_on"])[:4]))
    return marks | ({("name", row.byline)} if row.byline else set())


def best_practices(request, situation, most, **chosen):
    """Return the filterset of the `most` best practices, as their list has them: each once, in the reader's
    language where it is, and that language first; what worked in contexts like theirs first, if they told.
    """
    params = QueryDict(urlencode({"page_size": most} | chosen))
    first = language_first(request)
    return PracticeFilterSet(params, request.user, situation, first=first, reads=get_language())


def competencies(counts):
    """Return the competencies, each with its current stakes and their numbers of reports as `counted`."""
    stakes = {}
    for stake in map(copy, lists().stakes):  # Those of the lists are shared between requests.
        if stake.retired_on is None:
            stake.reports, stake.practices = counts.of(stake)
            stakes.setdefault(stake.competency_id, []).append(stake)
    areas = list(map(copy, lists().competencies))
    for area in areas:
        area.counted = stakes.get(area.pk, [])
    return areas


@require_safe
def stakes(request):
    """List all stakes under their competencies, defined and counted."""
    return conditional_list(request, read_states, partial(make_stakes, request))


def make_stakes(request):
    """Return (the page, the States that its numbers are of)."""
    counts = TermCounts()
    context = {"competencies": competencies(counts), "lens": Lens(request, situation_for(request))}
    return render(request, "browse/stakes.html", context), counts.states
