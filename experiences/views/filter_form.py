"""What every list page shows beside its rows: the form of its filters, chips, orders, pages.

A list's state is wholly in its address. One GET form holds it; what its controls do not show is
carried along by hidden inputs, so that no click loses a choice made elsewhere.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from experiences.models import Experience, Wording
from experiences.models.vocabulary.cache import lists

LIKENESS = ("likeness_without", "likeness_more")
NOT_FILTERS = ("ordering", "cursor", "page_size", "facets", *LIKENESS)


@dataclass
class Option:
    value: str
    label: str
    count: int | None = None
    chosen: bool = False
    group: str = ""

    @property
    def disabled(self):
        """A value that would find nothing is shown, and cannot be ticked."""
        return self.count == 0 and not self.chosen


@dataclass
class Filter:
    """One group of choices: `kind` is "several" (checkboxes) or "one" (radio buttons)."""

    name: str
    label: str
    options: list
    kind: str = "several"
    open: bool = False
    can_exclude: bool = False
    excluded: tuple = ()

    @property
    def left_out(self):
        """The value the “leave out” menu shows; further ones travel as hidden inputs."""
        return self.excluded[0] if self.excluded else ""

    def label_of(self, value):
        return next((option.label for option in self.options if option.value == value), value)


class Listing:
    """What a list page shows beside its rows.

    `resource` is its name in the API and the feeds; `first` and `last` make the filters it alone has.
    """

    def __init__(self, request, filterset, resource, first=(), last=()):
        self.request, self.filterset, self.resource = request, filterset, resource
        self.page = filterset.page()
        self.counts = filterset.facet_counts()
        self.filters = [
            *(make(self) for make in first),
            self._stakes(),
            *self._facets(),
            self._languages(),
            *(make(self) for make in last),
        ]

    def chosen(self, name):
        return tuple(self.filterset.chosen.get(name, ()))

    def _stakes(self):
        counts, chosen = self.counts["stake"], self.chosen("stake")
        named = {*counts, *chosen, *self.chosen("not_stake")}  # Sixty are too many to show those with none.
        options = [
            Option(row.slug, row.label, counts.get(row.slug, 0), row.slug in chosen, row.competency.label)
            for row in lists().stakes
            if row.slug in named
        ]
        return self._excluding("stake", _("Stakes"), options)

    def _facets(self):
        values = {}
        for row in lists().contexts:
            values.setdefault(row.facet_id, []).append(row)
        for facet in lists().facets:
            counts, chosen = self.counts.get(facet.slug, {}), self.chosen(facet.slug)
            options = [
                Option(row.slug, row.label, counts.get(row.slug, 0), row.slug in chosen)
                for row in values.get(facet.pk, [])
            ]
            yield self._excluding(facet.slug, facet.label, options)

    def _excluding(self, name, label, options):
        excluded = self.chosen(f"not_{name}")
        is_open = bool(excluded or self.chosen(name)) or name == "audience"
        return Filter(name, label, options, open=is_open, can_exclude=True, excluded=excluded)

    def _languages(self):
        counts, chosen = self.counts["language"], self.chosen("language")
        options = [
            Option(value, label, counts.get(value, 0), value in chosen)
            for value, label in Experience.Language.choices
        ]
        return Filter("language", _("Language"), options, open=bool(chosen))

    def for_search_engines(self):
        """Return what the head of the page tells them: the address of the whole list, in whatever choice,
        order and page of it; a search is not to be found itself.
        """
        if self.filterset.query:
            return {"noindex": True}
        return {"canonical": settings.SITE_URL + self.request.path}

    # --- Words and addresses -------------------------------------------------------------------

    @property
    def count(self):
        return self.page.count

    @cached_property
    def chips(self):
        """Return [{label, url}]: each choice in force, and the same list without it."""
        return [
            {"label": self._chip_label(name, value), "url": self.url_without(name, value)}
            for name, values in self.filterset.chosen.items()
            if name not in NOT_FILTERS
            for value in values
        ]

    def _chip_label(self, name, value):
        wanted = {one.name: one for one in self.filters}.get(name.removeprefix("not_"))
        label = wanted.label_of(value) if wanted else value
        if name.startswith("not_"):
            return _("Without: %(label)s") % {"label": label}
        sentences = {
            "q": _("“%(label)s”"),
            "keyword": _("Keyword: %(label)s"),
            "updated_since": _("Changed since %(label)s"),
        }
        return sentences.get(name, "%(label)s") % {"label": label}

    def _address(self, params, path=None):
        for name in ("cursor", "facets"):
            params.pop(name, None)
        for name in [name for name, values in params.lists() if not any(values)]:
            del params[name]
        query = params.urlencode()
        return f"{path or self.request.path}?{query}" if query else path or self.request.path

    def url_without(self, name, value=None):
        """Return the address of this list without one value, or without the whole parameter."""
        params = self.request.GET.copy()
        values = [one for one in params.getlist(name) if value is not None and one != value]
        params.setlist(name, values)
        return self._address(params)

    @property
    def feed_url(self):
        return self._filtered(reverse(f"feed-{self.resource}"))

    @property
    def api_url(self):
        return self._filtered(f"/api/v1/{self.resource}/")

    def _filtered(self, path):
        """Return `path` with this list's filters alone: order and pages are the reader's affair."""
        params = self.request.GET.copy()
        for name in ("ordering", "page_size", *LIKENESS):
            params.pop(name, None)
        return self._address(params, path)

    def _paged(self, cursor):
        params = self.request.GET.copy()
        address = self._address(params)
        if not cursor:
            return ""
        return f"{address}{'&' if '?' in address else '?'}cursor={cursor}"

    @property
    def next_url(self):
        return self._paged(self.page.next)

    @property
    def previous_url(self):
        return self._paged(self.page.previous)

    @property
    def hidden(self):
        """Return (name, value) of what the form carries along without a control of its own."""
        plain = [
            (name, value) for name in ("keyword", "updated_since", "page_size") for value in self.chosen(name)
        ]
        return plain + [(f"not_{one.name}", value) for one in self.filters for value in one.excluded[1:]]

    @cached_property
    def orders(self):
        """Return the orders this list can have now: by likeness only for those who said where they are."""
        words = {
            "newest": _("Newest first"),
            "oldest": _("Oldest first"),
            "relevance": _("Best match first"),
            "likeness": _("Most like my situation first"),
            "grade": _("Best grade first"),
        }
        usable = [
            name
            for name in self.filterset.orderings
            if (name != "relevance" or self.filterset.query)
            and (name != "likeness" or self.filterset.situation is not None)
        ]
        return [Option(name, words[name], chosen=name == self.filterset.ordering) for name in usable]

    @property
    def order_words(self):
        return next(option.label for option in self.orders if option.chosen)

    @cached_property
    def wider(self):
        """Return [{label, url, count}]: this list with one choice less, for when nothing fits."""
        names = [name for name in self.filterset.chosen if name not in NOT_FILTERS][:6]
        found = []
        for name in names:
            count = self.filterset.found(without=name).count()
            if count:
                labels = ", ".join(self._chip_label(name, value) for value in self.chosen(name))
                found.append({"label": labels, "url": self.url_without(name), "count": count})
        return found


def verdicts(listing):
    """Make the filter of verdicts."""
    counts, chosen = listing.counts["verdict"], listing.chosen("verdict")
    options = [
        Option(value, label, counts.get(value, 0), value in chosen)
        for value, label in Experience.Verdict.choices
    ]
    return Filter("verdict", _("Verdict"), options, open=True)


def strengths(listing):
    """Make the filter of strengths: at least this one."""
    chosen = listing.chosen("min_strength")
    words = Wording.objects.filter(kind=Wording.Kind.STRENGTH)
    options = [Option("", _("Any"), chosen=not chosen)] + [
        Option(row.slug, _("%(name)s or better") % {"name": row.label}, chosen=row.slug in chosen)
        for row in words
    ]
    return Filter("min_strength", _("Strength"), options, kind="one", open=bool(chosen))
