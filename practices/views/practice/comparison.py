"""Two practices side by side: what each asks, when, for whom it held, how sure that is, and at what price.

Its address says wholly which: ?a=…&b=…; with one of them, what it can be compared with; ?q= finds others.
"""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited_search
from config.http.refused_address import refused_address
from experiences.list_index.columns import as_bits
from experiences.models.vocabulary.cache import lists
from experiences.search.filters import tags_of
from experiences.search.parameters import Parameters
from experiences.views.lens import Lens, situation_for
from experiences.views.list_page.conditional import conditional_list
from experiences.views.list_page.languages import language_first
from practices.models import PracticeVersion
from practices.search.filters import PracticeFilterSet, no_practice_at, readable_practices
from practices.views.cards import grade_mark_of
from practices.views.field_map.side_by_side import SideBySide, Way
from practices.views.practice.parts import parts_of

NAMES = ("a", "b")
COMPARED = ("applies-when", "avoid-when", "how")  # of the texts; why and pitfalls are read on the pages
MOST_OFFERED = 12


@dataclass(frozen=True)
class Side:
    """One of the two: what it says, beside what came of it."""

    slug: str
    summary: str
    parts: dict  # {name: Part} of its texts, those that say nothing left out
    reasons: list  # sentences
    way: Way


@require_safe
@limited_search
def comparison(request):
    """Show two practices side by side; of one alone, what it can be compared with."""
    return conditional_list(request, PracticeFilterSet.read_states, partial(make_comparison, request))


def make_comparison(request):
    """Return (the page, the States that it is of); without States where it is of no practice."""
    situation = situation_for(request)
    try:
        parameters = Parameters(request.GET)
        parameters.refuse_unknown({*NAMES, "q"})
        asked = {name: slug for name in NAMES if (slug := parameters.one(name))}
        found, rows = practices_asked(request, situation, asked) if asked else (None, [])
        shown = {}
        if len(rows) == len(NAMES):
            shown = compared(rows, found)
        elif rows:
            shown = to_choose(request, situation, rows[0], parameters.one("q"))
    except ValidationError as error:
        return refused_address(request, error, _("Two practices side by side")), None
    context = {"noindex": True, "lens": Lens(request, situation), **shown}
    return render(request, "practices/comparison.html", context), found and found.states


def practices_asked(request, situation, asked):
    """Return (the filterset that found them, the PracticeInList of each of `asked`, {parameter: slug}).

    Raises ValidationError by parameter: for one that readers find nowhere, and for the same one twice.
    """
    slugs = list(asked.values())
    if len(set(slugs)) < len(slugs):
        raise ValidationError({NAMES[-1]: _("This is the same practice: choose another.")})
    refuse_missing(asked, readable_practices(slugs))
    params = QueryDict(urlencode([("practice", slug) for slug in slugs]))
    found = PracticeFilterSet(params, request.user, situation)
    rows = {row.slug: row for row in found.page().rows}
    refuse_missing(asked, rows)  # A retired one can be read, and is in no list.
    return found, [rows[slug] for slug in slugs]


def refuse_missing(asked, known):
    errors = {name: no_practice_at(slug) for name, slug in asked.items() if slug not in known}
    if errors:
        raise ValidationError(errors)


# --- What one can be compared with -------------------------------------------------------------------


class Alternatives(PracticeFilterSet):
    """The practices that `row` can be compared with: neither itself nor its translations; where `same` is
    true, those of any of its stakes alone.
    """

    def __init__(self, row, same, *args, **kwargs):
        self.row, self.same = row, same
        super().__init__(*args, **kwargs)

    def _read(self):
        super()._read()
        self._conditions["others"] = [self._others]
        if self.same:
            known = self.lists.codes_of_stakes
            named = [slug for slug in self.row.told["stakes"] if slug in known]
            self._add("of its stakes", tags_of(named, known))

    def _others(self, columns):
        family = columns.extra["family"]
        return as_bits(family != family[columns.place_of(self.row.pk)])


def to_choose(request, situation, row, text):
    """Return what the page shows to choose what `row` is compared with: what the words `text` find; without
    them, the practices of its stakes or, where there are none, any other, as lists order them.
    """
    params = QueryDict(urlencode({"q": text, "page_size": MOST_OFFERED}))
    first, language = language_first(request), get_language()
    for same in (False,) if text else (True, False):
        found = Alternatives(row, same, params, request.user, situation, first=first, reads=language)
        rows = found.page().rows
        if rows:
            break
    others = [offered(request, row, other) for other in rows]
    return {"one": row.told | {"slug": row.slug}, "others": others, "same": same, "q": text}


def offered(request, row, other):
    """Return what shows that `row` can be compared with `other`."""
    return {
        "title": other.told["title"],
        "language": other.told["language"],
        "url": f"{request.path}?{urlencode({'a': row.slug, 'b': other.slug})}",
        "grade": grade_mark_of(other),
    }


# --- What each says ----------------------------------------------------------------------------------


def compared(rows, filterset):
    """Return what the page shows of `rows`, side by side."""
    sides = sides_of(rows, filterset)
    return {"sides": sides, "texts": texts_of(sides)}


def sides_of(rows, filterset):
    """Return a Side of each of `rows`, in their order."""
    read = PracticeVersion.objects.filter(practice__in=[row.pk for row in rows], practice__current=F("pk"))
    words = {version.practice_id: version for version in read.only("practice", "html")}
    ways = SideBySide(rows, filterset).ways
    return [
        Side(
            slug=row.slug,
            summary=row.told["summary"],
            parts={part.key: part for part in parts_of(words[row.pk], contexts_meant(row))},
            reasons=row.graded.assessment.for_and_against,
            way=way,
        )
        for row, way in zip(rows, ways, strict=True)
    ]


def contexts_meant(row):
    """Return the contexts that a PracticeInList is meant for."""
    meant = row.told["contexts"]
    return [one for one in lists().contexts if one.slug in meant.get(one.facet.slug, ())]


def texts_of(sides):
    """Return [(heading, [(Side, its Part or None)])] of when to do it, when not, and how."""
    named = {part.key: part.heading for side in sides for part in side.parts.values()}
    return [(named[key], [(side, side.parts.get(key)) for side in sides]) for key in COMPARED if key in named]
