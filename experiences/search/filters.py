"""Finding reports: one reading of a list's address for pages, API and feeds.

The state of a list is wholly in its address. An unknown parameter or value is refused by name,
never answered with a silent full list. Repeated stakes must all hold; repeated values of a facet,
verdict or language are alternatives; `not_…` excludes.

What fits is found, counted and put in order in columns that the process holds (`experiences/list_index/`);
the database is asked for the rows of one page, and whether the columns are those of this moment.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time

import numpy as np
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models.user import shown_name
from config.text import whole_number
from experiences.list_index import held, tags
from experiences.list_index.columns import count
from experiences.list_index.held import microseconds
from experiences.models import Experience, ReportContext, Situation
from experiences.models.report.parts import keyword_key
from experiences.models.vocabulary.cache import forget, lists
from experiences.search import similarity
from experiences.search.pagination import ordered_page, ranked_page, scored_page
from experiences.search_index import RANKED, REPORTS, Query

PAGE, LARGEST_PAGE = 25, 100
# A question of so many words is rarely answered by a text that has them all: below FEW such
# texts, those that have most of the words are found too, after them.
QUESTION, FEW = 4, 10
LIKENESS_STEPS = 10_000  # as finely as likeness orders: less is chance of computing
MOST_VALUES = 30  # Values of one parameter in one address.


class FilterSet:
    """What reports and practices have in common; a subclass names its rows.

    `params` is a QueryDict; `situation` is where the reader works, or None; when it is not given, it is what
    `user` stored; `first` is the language of the rows that come first, if any. Raises
    ValidationError({parameter: sentence}).
    """

    orderings = ()
    filters = ()  # parameters beside those of every list
    counted = ("language",)  # what rows say beside their tags, and is counted as a facet is
    listed = None  # the HeldList
    index = None
    common = (
        "q",
        "stake",
        "not_stake",
        "language",
        "updated_since",
        "ordering",
        "page_size",
        "cursor",
        "facets",
        "likeness_without",
        "likeness_more",
    )

    def __init__(self, params, user, situation=..., first=""):
        self.params, self.user, self.first = params, user, first
        self.situation = Situation.of(user) if situation is ... else situation
        try:
            self._read_address()
        except ValidationError:
            # What is not on the lists as this process holds them may be new there.
            forget()
            self._read_address()

    def _read_address(self):
        self.chosen = {}
        self._conditions = {}  # parameter → functions from Columns to the bits of what fits
        self.lists = lists()
        self._facets = {facet.slug for facet in self.lists.facets}
        self._refuse_unknown()
        self._read()

    # --- Reading the address -------------------------------------------------------------------

    def _refuse_unknown(self):
        errors = {}
        for name in self.params:
            facet = name.removeprefix("not_")
            if name not in (*self.common, *self.filters) and facet not in self._facets:
                errors[name[:60]] = _("There is no parameter “%(name)s” here.") % {"name": name[:60]}
            elif len(self.params.getlist(name)) > MOST_VALUES:
                errors[name] = _("Give at most %(most)s values.") % {"most": MOST_VALUES}
        if errors:
            raise ValidationError(errors)

    def _read(self):
        self.query = Query(self._one("q"))
        self.size = self._number("page_size", PAGE, 1, LARGEST_PAGE)
        self.cursor = self._one("cursor")
        self.wants_facets = self._choice("facets", ("1", "0", "")) == "1"
        self.weights = similarity.Weights(
            frozenset(self._several("likeness_without", similarity.WEIGHTS)),
            frozenset(self._several("likeness_more", similarity.WEIGHTS)),
        )
        self._read_tags()
        self._read_columns()
        self.default_ordering = "relevance" if self.query else self.usual_ordering()
        self.ordering = self._choice("ordering", ("", *self.orderings)) or self.default_ordering
        if self.ordering == "relevance" and not self.query:
            self.ordering = "newest"
        if self.ordering == "likeness" and self.situation is None:
            raise ValidationError({"ordering": _("To sort by likeness, say first where you work.")})

    def _one(self, name):
        values = self.params.getlist(name)
        if len(values) > 1:
            raise ValidationError({name: _("Give this parameter once.")})
        value = values[0] if values else ""
        if len(value) > 1000:
            raise ValidationError({name: _("This value is too long.")})
        if value:
            self.chosen[name] = [value]
        return value

    def _choice(self, name, allowed):
        value = self._one(name)
        if value not in allowed:
            raise self._refusal(name, value, [one for one in allowed if one])
        return value

    def _number(self, name, default, least, most):
        value = self._one(name)
        if not value:
            return default
        number = whole_number(value)
        if number is None or not least <= number <= most:
            raise ValidationError(
                {name: _("Give a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}}
            )
        return number

    def _several(self, name, allowed):
        """Return the values given for `name`, refusing those not in `allowed`; empty ones are dropped."""
        values = [value for value in dict.fromkeys(self.params.getlist(name)) if value]
        for value in values:
            if value not in allowed:
                raise self._refusal(name, value, allowed)
        if values:
            self.chosen[name] = values
        return values

    def _refusal(self, name, value, allowed):
        text = _("“%(value)s” is not a value of “%(name)s”.") % {"value": value[:60], "name": name}
        if len(allowed) <= 12:
            text += " " + _("Choose among: %(allowed)s.") % {"allowed": ", ".join(allowed)}
        return ValidationError({name: text})

    def _read_tags(self):
        if any(self.params.getlist(name) for name in ("stake", "not_stake")):
            codes = self.lists.codes_of_stakes
            for slug in self._several("stake", codes):
                self._add("stake", codes[slug])
            unwanted = self._several("not_stake", codes)
            if unwanted:
                self._leave_out("not_stake", [code for slug in unwanted for code in codes[slug]])
        named = [facet for facet in self._facets if facet in self.params or f"not_{facet}" in self.params]
        for facet in named:
            codes = self.lists.codes_of_contexts.get(facet, {})
            wanted = self._several(facet, codes)
            if wanted:
                self._add(facet, [code for slug in wanted for code in codes[slug]])
            unwanted = self._several(f"not_{facet}", codes)
            if unwanted:
                self._leave_out(f"not_{facet}", [code for slug in unwanted for code in codes[slug]])

    def _read_columns(self):
        self._read_said("language", Experience.Language.values)
        since = self._moment("updated_since")
        if since:
            moment = microseconds(since)
            self._conditions["updated_since"] = [lambda columns: columns.changed_since(moment)]
        if self.query:
            self._conditions["q"] = [lambda columns: columns.of_keys(self._matching())]

    def _read_said(self, name, values):
        """Read the values given for a column of the rows, and those to leave out."""
        wanted = self._several(name, values)
        if wanted:
            self._add(name, [tags.said(name, value) for value in wanted])

    def _matching(self):
        """Return the keys of the rows with the words asked for."""
        return self.index.matching(self.all(), self.query).values_list("pk", flat=True)

    def _moment(self, name):
        value = self._one(name)
        if not value:
            return None
        try:
            moment = parse_datetime(value) or datetime.combine(parse_date(value), time.min)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError):
            raise ValidationError(
                {name: _("Give a date such as 2026-03-01, or a time such as 2026-03-01T08:00:00Z.")}
            ) from None

    def _add(self, name, codes):
        """Ask for rows that have any of the tags `codes`."""
        self._conditions.setdefault(name, []).append(lambda columns: columns.having(codes))

    def _leave_out(self, name, codes):
        self._conditions.setdefault(name, []).append(lambda columns: ~columns.having(codes))

    # --- Answering -----------------------------------------------------------------------------

    @cached_property
    def columns(self):
        """The Columns in which the answer is found: in step with the database, which is asked, unless page()
        did so with its rows.
        """
        return self.listed.current()

    def _forget_answer(self, columns):
        for name in ("bits", "count"):
            self.__dict__.pop(name, None)
        self.columns = columns

    @cached_property
    def bits(self):
        """The bits of what fits; where too few have all the words, those that have some of them fit too."""
        bits = self._fitting()
        asks = self.ordering == "relevance" and len(self.query.terms) >= QUESTION
        if self.query and count(bits) < (FEW if asks else 1) and self.query.loosen():
            bits = self._fitting()
        return bits

    @cached_property
    def count(self):
        """How many rows fit."""
        return count(self.bits)

    def changed_at(self, key):
        """Return when the row `key`, of the page that was read, was changed last, as others may know it."""
        columns = self.columns
        return datetime.fromtimestamp(columns.changed_at[columns.place_of(key)] / 1_000_000, UTC)

    def count_without(self, name):
        """Return how many rows would fit without the parameter `name`."""
        return count(self._fitting(without=name))

    def _fitting(self, without=None):
        bits = self.columns.listed
        for name, conditions in self._conditions.items():
            if name != without:
                for condition in conditions:
                    bits = bits & condition(self.columns)
        return bits

    def page(self, read=None, read_rows=None):
        """Return the Page the address asks for.

        `read(keys)` gives {key: row} for the rows shown, instead of what lists show of them;
        `read_rows(keys)`, the State of the list with them.
        """
        if read is not None:
            read_rows = self._with_state(read)
        read_rows = read_rows or self._read_rows
        if "columns" not in self.__dict__:
            self.columns = self.listed.held()[0]
        for last in (*[False] * (held.TRIES - 1), True):
            keys, page = self._keys_of_page()
            rows, state = read_rows(keys)
            columns, of = self.listed.held()
            if last or (columns is self.columns and of == state):
                break
            self.listed.catch_up(of)
            self._forget_answer(self.listed.held()[0])
        self.state = state
        page.rows = [rows[key] for key in keys if key in rows]
        page.count = self.count
        return page

    def _with_state(self, read):
        return lambda keys: (read(keys), self.listed.read_state())

    def _keys_of_page(self):
        """Return the keys of the rows of the page, and the Page around them."""
        if self.ordering == "relevance":
            places = self.columns.page(self.bits, RANKED)
            order = self.index.ranked(self.columns.keys[places].tolist(), self.query)
            return ranked_page(order, self.cursor, self.size)
        if self.ordering == "likeness":
            return scored_page(self.columns, self.bits, self._likeness(), self.cursor, self.size)
        return ordered_page(self.columns, self._groups(), self.order(), self.cursor, self.size)

    def _groups(self):
        """Return the bits of what fits, parted so that what comes first stands first."""
        if not self.first:
            return [self.bits]
        first = self.columns.having([tags.said("language", self.first)])
        return [self.bits & first, self.bits & ~first]

    def usual_ordering(self):
        """Return the order of a list in which no words are looked for."""
        return "newest"

    def order(self):
        """Return (order keys of all places, whether they ascend)."""
        return self.columns.order_keys, self.ordering == "oldest"

    def _likeness(self):
        """Return the likeness of each row, by place, in ten-thousandths."""
        mine = similarity.known(self.situation.contexts.all())
        scores = similarity.scores(self.columns, mine, self.weights)
        return np.rint(scores * LIKENESS_STEPS).astype(np.int64)

    def facet_counts(self):
        """Return {parameter: {slug: number}} over what fits; a facet's own choice is left out of its
        counts.
        """
        numbers = self._numbers(None)
        counts = {"stake": self._counts(self.lists.codes_of_stakes, *numbers)}
        for facet, codes in self.lists.codes_of_contexts.items():
            own = self._numbers(facet) if facet in self.chosen else numbers
            counts[facet] = self._counts(codes, *own)
        for name in self.counted:
            own = self._numbers(name) if name in self.chosen else numbers
            values = tags.PLACES[name][1]
            counts[name] = self._counts({value: (tags.said(name, value),) for value in values}, *own)
        return {name: numbers for name, numbers in counts.items() if numbers or name in self.ALWAYS_COUNTED}

    ALWAYS_COUNTED = ("stake", "language", "verdict", "grade")

    def _numbers(self, without):
        bits = self._fitting(without) if without else self.bits
        return bits, self.columns.counts(bits)

    def _counts(self, codes, bits, numbers):
        """Return {slug: number of the rows `bits`}, without noughts; `codes` are {slug: tags any of which
        will do}.
        """
        found = {}
        for slug, (first, *others) in codes.items():
            number = numbers.get(first, 0)
            if others:
                number = count(bits & self.columns.having([first, *others]))
            if number:
                found[slug] = number
        return found


def by_row(pairs):
    """Return {row: contexts} of `pairs` of primary keys, (row, context), which may come twice.

    The contexts are those that the process holds: a thousand rows have five thousand of some eighty. One that
    another process added a moment ago is left out.
    """
    known = {context.pk: context for context in lists().contexts}
    found = {}
    for row, context in pairs:
        if context in known:
            found.setdefault(row, set()).add(known[context])
    return found


@dataclass
class ReportInList:
    """What lists show of a published report: what was written for them, and what is read beside it."""

    pk: int
    public_id: str
    version: int
    byline: str | None
    item: str  # as JSON
    card: str

    @cached_property
    def told(self):
        """The item as {name: value}."""
        return json.loads(self.item)


class ReportFilterSet(FilterSet):
    """Finds published reports."""

    orderings = ("newest", "oldest", "relevance", "likeness")
    filters = ("verdict", "not_verdict", "min_strength", "keyword")
    counted = ("language", "verdict")
    listed = held.REPORTS
    index = REPORTS

    def all(self):
        return Experience.objects.visible_to(self.user).published()

    def contexts_of(self, pks):
        """Return {primary key of a row: its contexts}."""
        links = ReportContext.objects.filter(content_object__in=pks)
        return by_row(links.values_list("content_object", "tag"))

    def _read_columns(self):
        super()._read_columns()
        verdicts = Experience.Verdict.values
        self._read_said("verdict", verdicts)
        unwanted = self._several("not_verdict", verdicts)
        if unwanted:
            self._leave_out("not_verdict", [tags.said("verdict", value) for value in unwanted])
        strengths = Experience.Strength.names
        least = self._choice("min_strength", ("", *strengths))
        if least:
            enough = strengths[strengths.index(least) :]
            self._add("min_strength", [tags.said("strength", name) for name in enough])
        keyword = self._one("keyword")
        if keyword:
            named = (
                self.all().filter(keyword_links__tag__slug=keyword_key(keyword)).values_list("pk", flat=True)
            )
            self._conditions["keyword"] = [lambda columns: columns.of_keys(named)]

    def _read_rows(self, keys):
        return read_reports(self.listed, keys)

    def validator(self):
        """Return what is another whenever the page that the address asks for is: it is read without what was
        written for lists, of which the state of the list tells.
        """
        return self.validator_of(
            self.page(read_rows=lambda keys: read_reports(self.listed, keys, what="'', ''"))
        )

    def validator_of(self, page):
        rows = [(row.pk, row.version, row.byline) for row in page.rows]
        return f"{self.state} {held.vocabulary_number} {rows}"


def read_reports(listed, keys, what="l.item, l.card"):
    """Return {key: ReportInList} of the published reports among `keys`, and the State in which they are, in
    one query.
    """
    marks = ", ".join(["%s"] * len(keys)) or "NULL"
    row, report, user = (model._meta.db_table for model in (listed.model, Experience, get_user_model()))
    sql = f"""
        SELECT {held.state_columns(listed.model)}, l.row_id, {what}, e.public_id, e.version,
               e.identity = 'named' AND e.author_id IS NOT NULL, u.display_name
        FROM (SELECT 1 AS one) o
        LEFT JOIN {row} l ON l.row_id IN ({marks}) AND l.is_listed
        LEFT JOIN {report} e ON e.id = l.row_id AND e.status = 'published'
        LEFT JOIN {user} u ON u.id = e.author_id AND e.identity = 'named'
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, keys)
        rows = cursor.fetchall()
    found = {
        key: ReportInList(key, public_id, version, shown_name(name) if signed else None, item, card)
        for _words, _number, _unnumbered, key, item, card, public_id, version, signed, name in rows
        if public_id is not None
    }
    return found, held.states_of(rows[0][:3])[0]
