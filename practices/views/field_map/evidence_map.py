"""The evidence map: where reports are plentiful, where they disagree, and where nobody has told anything."""

from functools import partial
from itertools import accumulate
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.decorators import limited_search
from experiences.models.vocabulary.cache import lists
from experiences.search.similarity import context_label
from experiences.views import verdict_counts
from experiences.views.lens import Lens, situation_for
from experiences.views.list_page.address import plainer_url, refused_list
from experiences.views.list_page.conditional import conditional_list
from practices.search.evidence_map import FEW, EvidenceMap, map_facets, read_states
from practices.views.field_map.invitations import form_url

SHADES = (FEW, 8, 16, 30)  # the least number of reports of each shade but the lightest
BAR, GAP, THINNEST = 100, 3, 2  # the lengths of a bar, of what parts its pieces, and of the shortest of them
ENOUGH = 5  # Of so many reports something is said in words.
SHOWN_GAPS = 8


@require_safe
@limited_search
def evidence_map(request):
    """Show how much has been told of what, where, and what came of it."""
    return conditional_list(request, read_states, partial(make_map, request))


def make_map(request):
    """Return (the page, the States that its numbers are of); without States where it is none."""
    plainer = plainer_url(request, request.GET)
    if plainer:
        return redirect(plainer), None
    try:
        found = EvidenceMap.at(request.GET)
    except ValidationError as error:
        return refused_list(request, error, _("Evidence map")), None
    gaps, lens = found.gaps, Lens(request, situation_for(request))
    context = {
        "canonical": settings.SITE_URL + request.path,
        "lens": lens,
        "mine": list(lens.situation.contexts.all()) if lens.situation else [],
        "map": found,
        "rows": [row_shown(row, found) for row in found.rows],
        "facets": map_facets(),
        "competencies": lists().competencies,
        "shades": shade_labels(),
        "findings": findings(found.cells),
        "gaps": [gap_shown(cell, found) for cell in gaps[:SHOWN_GAPS]],
        "gap_count": len(gaps),
        "api_url": f"{reverse('api-map-list')}?{request.GET.urlencode()}".rstrip("?"),
    }
    return render(request, "browse/map.html", context), found.states


# --- The table -------------------------------------------------------------------------------------


def row_shown(row, found):
    """Return what the table shows of a Row: its term, where it leads, its numbers and cells."""
    url = row.term.get_absolute_url() if found.is_of_stakes else stakes_url(row.term, found.facet)
    return {
        "term": row.term,
        "url": url,
        "reports": row.reports,
        "practices": row.practices,
        "cells": [cell_shown(cell, found) for cell in row.cells],
    }


def cell_shown(cell, found):
    """Return what the table shows of a Cell; it leads to lists of a stake, to the stakes of a competency."""
    stake = cell.term if found.is_of_stakes else None
    nearer = "" if stake else stakes_url(cell.term, found.facet)
    query = urlencode([("stake", cell.term.slug), (found.facet.slug, cell.context.slug)])
    return {
        "cell": cell,
        "shade": sum(cell.reports >= least for least in SHADES),
        "sentence": verdict_counts.sentence(cell.verdicts),
        "counts": verdict_counts.verdict_marks(cell.verdicts) if cell.is_gap else None,
        "bar": bar_of(cell.verdicts),
        "reports_url": nearer or f"{reverse('experiences:index')}?{query}",
        "practices_url": nearer or f"{reverse('practices:index')}?{query}",
        "tell_url": form_url(stake, cell.context),
    }


def stakes_url(competency, facet):
    """Return where the map shows the stakes of a competency."""
    return f"{reverse('evidence-map')}?{urlencode({'facet': facet.slug, 'competency': competency.slug})}"


def bar_of(verdicts):
    """Return the pieces {css, x, width} of the bar that shows what came of reports; what is too early to say
    is left out.
    """
    counts = [one for one in verdict_counts.verdict_marks(verdicts) if one["css"] != "early"]
    total, room = sum(one["n"] for one in counts), BAR - GAP * (len(counts) - 1)
    widths = [max(THINNEST, round(room * one["n"] / total)) for one in counts]
    if widths:
        widths[widths.index(max(widths))] += room - sum(widths)
    starts = accumulate(widths, lambda x, width: x + width + GAP, initial=0)
    return [
        {"css": one["css"], "x": x, "width": width}
        for one, x, width in zip(counts, starts, widths, strict=False)
    ]


def shade_labels():
    """Return the words for each shade: how many reports it stands for."""
    ends = [least - 1 for least in SHADES]
    ranges = zip((0, *SHADES), ends, strict=False)
    labels = [_("%(least)s–%(most)s") % {"least": least, "most": most} for least, most in ranges]
    return [*labels, _("%(least)s or more") % {"least": SHADES[-1]}]


# --- In words --------------------------------------------------------------------------------------


def findings(cells):
    """Return in sentences what stands out among `cells`: most told, most failed, most disputed."""
    known = [cell for cell in cells if cell.reports >= ENOUGH]
    if not known:
        return []
    most = max(known, key=lambda cell: cell.reports)
    worst = max(known, key=lambda cell: (cell.failures / cell.reports, cell.reports))
    split = max(known, key=disagreement)
    found = [_("Most has been told of %(what)s: %(reports)s.") % told(most)]
    if worst.failures:
        found.append(_("It went wrong most often in %(what)s: %(failed)s of %(reports)s.") % told(worst))
    if disagreement(split) and split is not worst:
        found.append(_("Reports disagree most on %(what)s: %(outcomes)s.") % told(split))
    return found


def disagreement(cell):
    """Return how many reports of `cell` say the contrary of at least as many others."""
    return min(cell.failures, cell.verdicts["worked"])


def told(cell):
    """Return the words of the sentences about `cell`."""
    number = cell.reports
    return {
        "what": place_of(cell),
        "reports": ngettext("%(n)s report", "%(n)s reports", number) % {"n": number},
        "failed": cell.failures,
        "outcomes": verdict_counts.sentence(cell.verdicts),
    }


def place_of(cell):
    """Return a cell in words: what, and where."""
    where = context_label(cell.context)
    return _("“%(stake)s”, %(context)s") % {"stake": cell.term.label, "context": where}


def gap_shown(cell, found):
    """Return what the list of gaps shows of a Cell."""
    url = form_url(cell.term if found.is_of_stakes else None, cell.context)
    return {"place": place_of(cell), "reports": cell.reports, "url": url}
