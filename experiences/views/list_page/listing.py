"""A list and what stands around its rows: filters, chips, orders, pages.

A list's state is wholly in its address. One GET form holds it; what its controls do not show is
carried along by hidden inputs, so that no click loses a choice made elsewhere.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from config.text import cut_at_word
from experiences.models import Experience
from experiences.views.lens import Lens, visit_url
from experiences.views.list_page.address import address_of, plainer_url
from experiences.views.list_page.facets import Facets, Option
from experiences.views.list_page.languages import language_choices
from experiences.views.list_page.spreadsheet import MOST_ROWS
from experiences.views.list_page.weighing import PARAMETERS, Weighing

LIKENESS = tuple(PARAMETERS.values())
LONGEST_SUGGESTION = 80  # characters
NOT_FILTERS = ("ordering", "cursor", "page_size", "facets", *LIKENESS)


class Listing:
    """What a list page shows beside its rows.

    `resource` is its name in the API and the feeds; `own` and `last` make the filters it alone has.
    """

    def __init__(self, request, filterset, resource, own=(), last=()):
        self.request, self.filterset, self.resource = request, filterset, resource
        self.own, self.last = own, last
        self.lens = Lens(request, filterset.situation)

    @cached_property
    def page(self):
        return self.filterset.page()

    @cached_property
    def counts(self):
        return self.filterset.facet_counts()

    @cached_property
    def facets(self):
        return Facets(self.filterset, self.counts, self.own, self.last)

    @property
    def plainer_url(self):
        """Return the address this list should have been asked for at, or "" when it was."""
        return plainer_url(self.request, self.filterset.params)

    @cached_property
    def languages(self):
        return language_choices(
            self.facets.of("language"),
            self.counts["language"],
            mixed=not self.filterset.first,
            can_part=not self.filterset.is_scored,
        )

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
        if name == "language":
            return Experience.Language(value).label
        wanted = {one.name: one for one in self.facets}.get(name.removeprefix("not_"))
        label = wanted.label_of(value) if wanted else self.filterset.label_of(name, value)
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
        return address_of(path or self.request.path, params)

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

    @property
    def csv_url(self):
        """Return the address of this list as a file, in its own order."""
        return self._address(self.request.GET.copy(), reverse(f"{self.resource}-csv"))

    @property
    def csv_most(self):
        """Return how many rows that file has where more fit, else None."""
        return MOST_ROWS if self.count > MOST_ROWS else None

    @property
    def kind(self):
        """Return the name of its list, as searches that members keep have it."""
        return self.filterset.listed.model.LIST

    @property
    def suggested_name(self):
        """Return what to call this list where a member keeps it as a search."""
        said = [
            value if name == "q" else str(self._chip_label(name, value))
            for name, values in self.filterset.chosen.items()
            if name not in NOT_FILTERS
            for value in values
        ]
        return cut_at_word(", ".join(said), LONGEST_SUGGESTION)

    def _filtered(self, path):
        """Return `path` with this list's filters alone: order and pages are the reader's affair."""
        params = self.request.GET.copy()
        for name in ("ordering", "page_size", *LIKENESS):
            params.pop(name, None)
        return self._address(params, path)

    def _paged(self, cursor):
        if not cursor:
            return ""
        address = self._address(self.request.GET.copy())
        return f"{address}{'&' if '?' in address else '?'}cursor={cursor}"

    @property
    def next_url(self):
        return self._paged(self.page.next)

    @property
    def previous_url(self):
        return self._paged(self.page.previous)

    @cached_property
    def by_likeness(self):
        """Return {url, chosen}: this list sorted by likeness; by way of the questions without a situation."""
        params = self.request.GET.copy()
        params["ordering"] = "likeness"
        url = self._address(params)
        chosen = self.filterset.ordering == "likeness"
        return {"url": url if self.filterset.situation else visit_url(url), "chosen": chosen}

    @cached_property
    def weighing(self):
        """Return, for each facet of the reader's situation, what it weighs and how to change that."""
        return Weighing(self.request.GET, self.filterset, self._address)

    @property
    def hidden(self):
        """Return (name, value) of what the form carries along without a control of its own."""
        names = ("keyword", "practice", "updated_since", "language", "page_size", *LIKENESS)
        return [(name, value) for name in names for value in self.facets.of(name)]

    @cached_property
    def orders(self):
        """Return the orders this list can have now: by likeness only for those who said where they are.

        The one it has when none is asked for is asked for by nothing: it may be another with words to find.
        """
        words = {
            "newest": _("Newest first"),
            "oldest": _("Oldest first"),
            "relevance": _("Best match first"),
            "likeness": _("What worked in contexts like mine first")
            if self.resource == "practices"
            else _("Most like my situation first"),
            "grade": _("Best grade first"),
        }
        usable = [
            name
            for name in self.filterset.orderings
            if (name != "relevance" or self.filterset.query)
            and (name != "likeness" or self.filterset.situation is not None)
        ]
        return [
            Option(
                "" if name == self.filterset.default_ordering else name,
                words[name],
                chosen=name == self.filterset.ordering,
            )
            for name in usable
        ]

    @property
    def order_words(self):
        return next(option.label for option in self.orders if option.chosen)

    @cached_property
    def wider(self):
        """Return [{label, url, count}]: this list with one choice less, for when nothing fits."""
        names = [name for name in self.filterset.chosen if name not in NOT_FILTERS][:6]
        found = []
        for name in names:
            count = self.filterset.count_without(name)
            if count:
                labels = ", ".join(self._chip_label(name, value) for value in self.facets.of(name))
                found.append({"label": labels, "url": self.url_without(name), "count": count})
        return found
