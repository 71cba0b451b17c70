"""One stake: what it means, every known way side by side, how it went, and what nobody has told yet."""

from datetime import date
from functools import partial

import numpy as np
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experiences.list_index import tags
from experiences.list_index.columns import places
from experiences.models import Experience
from experiences.views import verdict_counts
from experiences.views.cards import ReportWords, report_cards
from experiences.views.lens import Lens, situation_for
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.languages import language_first
from practices.search.evidence_map import read_states, states_of
from practices.views.browse import best_practices
from practices.views.field_map.invitations import untold
from practices.views.field_map.passages import QuotingFilterSet, quotes
from practices.views.field_map.side_by_side import SideBySide

SHOWN_REPORTS, MOST_COMPARED, MOST_NEIGHBOURS = 5, 30, 8
DAY_FROM = 40  # the bit of an order key from which stands the day: of a withheld name, the first of its month
FIRST_DAY = date(1970, 1, 1).toordinal()


@require_safe
def stake(request, slug):
    """Show one stake: its definition, its practices side by side, how it went, what nobody has told."""
    return conditional_list(request, read_states, partial(make_stake, request, slug))


def make_stake(request, slug):
    """Return (the page, the States that its lists are of)."""
    params = QueryDict(f"stake={slug}&page_size={SHOWN_REPORTS}")
    try:
        reports = QuotingFilterSet(params, request.user, first=language_first(request))
    except ValidationError:
        raise Http404 from None
    found = next(one for one in reports.lists.stakes if one.slug == slug)
    situation = situation_for(request)
    practices = best_practices(request, situation, MOST_COMPARED, stake=found.slug)
    page, best = reports.page(), practices.page()
    rows = {row.pk: row for row in page.rows}
    counts = reports.facet_counts()
    numbers = counts["verdict"]
    context = {
        "stake": found,
        "heirs": found.heirs.all(),
        "report_count": page.count,
        "practice_count": best.count,
        "counts": verdict_counts.verdict_marks(numbers),
        "sentence": verdict_counts.sentence(numbers),
        "failures": verdict_counts.failures(numbers),
        "ways": SideBySide(best.rows, practices).ways,
        "untold": untold(found, counts, page.count, best.count),
        "verdicts": verdict_rows(numbers),
        "years": by_year(reports.columns, reports.bits),
        "quotes": quotes([rows[key] for key in reports.quoted if key in rows]),
        "reports": report_cards(
            [rows[key] for key in reports.newest if key in rows], situation=situation, compact=True
        ),
        "neighbours": neighbours(found, reports.lists.stakes, counts["stake"]),
        "lens": Lens(request, situation),
        "api_url": f"/api/v1/experiences/?stake={found.slug}",
    }
    return render(request, "browse/stake.html", context), states_of(reports, practices)


def verdict_rows(numbers):
    """Return (slug, name, mark, number of reports) of each verdict."""
    marks = ReportWords({})
    return [(one, one.label, marks("verdict", one), numbers.get(one, 0)) for one in Experience.Verdict]


def by_year(columns, bits):
    """Return {year, n, counts, sentence} of each year in which some of the reports `bits` were published, the
    last first; of a single year nothing.
    """
    found = {}
    for verdict in tags.VERDICTS:
        at = places(bits & columns.having([tags.said("verdict", verdict)]), columns.size)
        days = (columns.order_keys[at] >> DAY_FROM) - FIRST_DAY
        years, numbers = np.unique(days.astype("datetime64[D]").astype("datetime64[Y]"), return_counts=True)
        for year, number in zip(years.astype(int).tolist(), numbers.tolist(), strict=True):
            found.setdefault(1970 + year, {})[verdict] = number
    if len(found) < 2:
        return []
    return [
        {
            "year": year,
            "n": sum(numbers.values()),
            "counts": verdict_counts.verdict_marks(numbers),
            "sentence": verdict_counts.sentence(numbers),
        }
        for year, numbers in sorted(found.items(), reverse=True)
    ]


def neighbours(stake, stakes, numbers):
    """Return (stake, number of reports) of those current ones that reports name most often beside `stake`."""
    beside = [
        (one, numbers[one.slug])
        for one in stakes
        if one.slug in numbers and one.pk != stake.pk and one.retired_on is None
    ]
    return sorted(beside, key=lambda pair: -pair[1])[:MOST_NEIGHBOURS]
