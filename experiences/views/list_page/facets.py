"""The choices of a list: groups of values, each with how many results it would give.

A list has some two hundred and fifty of them, each twice: made by templates, they took two thirds of the time
that its page takes. So what stands for one value is made here, in one go.
"""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import groupby

from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from experiences.models import Experience, Wording
from experiences.models.vocabulary.cache import choosable, lists

CONTROL = '<label><input type="{}" name="{}" value="{}" {}><span>{}</span><span>{}</span></label>'
LEAVING_OUT = '<option value="{}:{}" data-label="{} · {}">{} ({})</option>'
escaped = lru_cache(2000)(escape)  # The values and labels of the vocabulary, in each language.


@dataclass
class Option:
    value: str
    label: str
    count: int | None = None
    chosen: bool = False
    group: str = ""

    @property
    def state(self):
        """Return the attribute of its control: one that would find nothing is shown, but not to be had."""
        if self.chosen:
            return "checked"
        return "disabled" if self.count == 0 else ""


@dataclass
class Filter:
    """One group of choices, of which one can be had (its control is a "radio") or several ("checkbox")."""

    name: str
    label: str
    options: list
    hint: str = ""
    control: str = "checkbox"
    open: bool = False
    can_exclude: bool = False
    excluded: tuple = ()

    @property
    def groups(self):
        """Yield (name, the controls of its values) of each group of them."""
        for name, options in groupby(self.options, lambda option: option.group):
            controls = (
                CONTROL.format(
                    self.control,
                    self.name,
                    escaped(one.value),
                    one.state,
                    escaped(str(one.label)),
                    "" if one.count is None else one.count,
                )
                for one in options
            )
            yield name, mark_safe("".join(controls))

    @property
    def chosen(self):
        """Return what is chosen of it, as the number beside its name counts it."""
        return [option for option in self.options if option.chosen and option.value]

    @cached_property
    def to_leave_out(self):
        """The values that are found now, or would be if no other of it were chosen, as those of a menu."""
        label, found = escaped(str(self.label)), []
        for one in self.options:
            if one.count and one.value not in self.excluded:
                value, words = escaped(one.value), escaped(str(one.label))
                found.append(LEAVING_OUT.format(self.name, value, label, words, words, one.count))
        return mark_safe("".join(found))

    def label_of(self, value):
        return next((option.label for option in self.options if option.value == value), value)


class Facets:
    """The filters of a list: those one asks for first, then the others; and what to leave out of any.

    `own` and `last` make those this list alone has: at the end of the first ones, and of the others.
    """

    def __init__(self, filterset, counts, own=(), last=()):
        self.filterset, self.counts = filterset, counts
        values = {}
        for row in lists().contexts:
            values.setdefault(row.facet_id, []).append(row)
        required, others = [], []
        for facet in lists().facets:
            (required if facet.required else others).append(self._facet(facet, values.get(facet.pk, [])))
        self.first = [self._stakes(), *required, *(make(self) for make in own)]
        self.more = [*others, *(make(self) for make in last)]

    def __iter__(self):
        return iter([*self.first, *self.more])

    @property
    def more_is_open(self):
        return any(one.chosen for one in self.more)

    @cached_property
    def left_out(self):
        """Return [(parameter, value, label)] of what is left out."""
        return [
            (f"not_{one.name}", value, f"{one.label} · {one.label_of(value)}")
            for one in self
            for value in one.excluded
        ]

    @property
    def to_leave_out(self):
        return [one for one in self if one.can_exclude and one.to_leave_out]

    def of(self, name):
        return tuple(self.filterset.chosen.get(name, ()))

    def several(self, name, label, options, is_open=False, hint=""):
        """Make a filter any of whose values may be chosen, or left out."""
        excluded = self.of(f"not_{name}")
        is_open = is_open or bool(self.of(name))
        return Filter(name, label, options, hint, open=is_open, can_exclude=True, excluded=excluded)

    def _stakes(self):
        counts, chosen = self.counts["stake"], self.of("stake")
        options = [
            Option(row.slug, row.label, counts.get(row.slug, 0), row.slug in chosen, row.competency.label)
            for row in self._offered("stake", lists().stakes)
        ]
        return self.several("stake", _("Stakes"), options, hint=_("All those you tick must be at stake."))

    def _offered(self, name, rows):
        """Return those of `rows` that can be chosen; a retired one, for what it still finds or leaves out."""
        named = {*self.counts.get(name, ()), *self.of(name), *self.of(f"not_{name}")}
        return choosable(rows, [row for row in rows if row.slug in named])

    def _facet(self, facet, values):
        counts, chosen = self.counts.get(facet.slug, {}), self.of(facet.slug)
        options = [
            Option(row.slug, row.label, counts.get(row.slug, 0), row.slug in chosen)
            for row in self._offered(facet.slug, values)
        ]
        return self.several(facet.slug, facet.label, options, is_open=facet.slug == "audience")


def verdicts(facets):
    """Make the filter of verdicts."""
    counts, chosen = facets.counts["verdict"], facets.of("verdict")
    options = [
        Option(value, label, counts.get(value, 0), value in chosen)
        for value, label in Experience.Verdict.choices
    ]
    return facets.several("verdict", _("Verdict"), options, is_open=True)


def natures(facets):
    """Make the filter of what is told: something tried, a near miss, a warning."""
    counts, chosen = facets.counts["nature"], facets.of("nature")
    options = [
        Option(value, label, counts.get(value, 0), value in chosen)
        for value, label in Experience.Nature.choices
    ]
    return facets.several("nature", _("What is told"), options)


def strengths(facets):
    """Make the filter of strengths: at least this one."""
    chosen = facets.of("min_strength")
    words = lists().wordings[Wording.Kind.STRENGTH]
    options = [Option("", _("Any"), chosen=not chosen)] + [
        Option(row.slug, _("%(name)s or better") % {"name": row.label}, chosen=row.slug in chosen)
        for row in words
    ]
    return Filter("min_strength", _("Strength"), options, control="radio", open=bool(chosen))
