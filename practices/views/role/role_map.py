"""The role map: what a community manager answers for, as a page and to take away."""

from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.decorators import limited
from experiences.views import verdict_counts
from experiences.views.lens import Lens, situation_for
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.languages import language_first
from practices.search.evidence_map import read_states
from practices.search.role_map import RoleMap
from practices.views.cards import grade_mark_of
from practices.views.field_map.passages import quotes
from practices.views.role import outlines
from practices.views.role.drawing import Drawing


@require_safe
def role_map(request):
    """Show what a community manager answers for, what was met there, and how well each is known."""
    return conditional_list(request, read_states, partial(make_page, request))


def make_page(request):
    """Return (the page, the States that its numbers are of)."""
    found = RoleMap(request.user, language_first(request) or get_language())
    areas = found.areas
    quoted = [row for area in areas for row in (*area.situations, area.unheld_report) if row]
    quotes_of = {quote["url"]: quote for quote in quotes(quoted)}
    context = {
        "areas": [area_shown(area, quotes_of) for area in areas],
        "drawing": Drawing(areas),
        "lens": Lens(request, situation_for(request)),
    }
    return render(request, "role/map.html", context), found.states


def area_shown(area, quotes_of):
    """Return what the page shows of an Area; `quotes_of` are the quotations of reports, by address."""
    situations = [quotes_of.get(url_of(row)) for row in area.situations]
    return {
        "area": area,
        "numbers": outlines.area_numbers(area),
        "counts": verdict_counts.verdict_marks(area.verdicts),
        "sentence": verdict_counts.sentence(area.verdicts),
        "stakes": [(told, grade_shown(told)) for told in area.stakes],
        "situations": [quote for quote in situations if quote],
        "unheld": area.unheld_report and quotes_of.get(url_of(area.unheld_report)),
        "unheld_sentence": verdict_counts.sentence(area.unheld),
    }


def url_of(row):
    return reverse("experiences:detail", args=[row.public_id])


def grade_shown(told):
    """Return the mark of the best grade known of a stake; "" where there is no practice."""
    return "" if told.best is None else grade_mark_of(told.best)


# --- To take away -----------------------------------------------------------------------------------


@require_safe
@limited("exports")
def as_file(request, end):
    """Give the areas as a file, of the format that its address `end`s in."""
    return conditional_list(request, read_states, partial(make_file, request, end))


def make_file(request, end):
    """Return (a file of the areas in the reader's language, the States that it is of)."""
    write, kind = FILES[end]
    found = RoleMap(request.user, language_first(request) or get_language())
    answer = HttpResponse(write(found.areas), content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="retex-role.{end}"'
    answer["Content-Language"] = get_language()
    return answer, found.states


def drawn(areas):
    """Return the drawing as an SVG that stands alone."""
    return render_to_string("role/drawing.svg", {"drawing": Drawing(areas), "site": settings.SITE_URL})


FILES = {
    "svg": (drawn, "image/svg+xml"),
    "opml": (outlines.opml, "text/x-opml"),  # for mind maps
    "md": (outlines.markdown, "text/markdown"),
}
