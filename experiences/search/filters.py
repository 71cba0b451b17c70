"""Finding the rows of a list: one reading of its address for pages, API and feeds.

The state of a list is wholly in its address. An unknown parameter or value is refused by name,
never answered with a silent full list. Repeated stakes must all hold; repeated values of a facet,
verdict or language are alternatives; `not_…` excludes.

What fits is found, counted and put in order in columns that the process holds (`experiences/list_index/`);
the database is asked for the rows of one page, and whether the columns are those of this moment.
"""

from abc import ABC, abstractmethod
from functools import partial, reduce
from operator import or_

import numpy as np
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from experiences.list_index import held, tags
from experiences.list_index.columns import count, places
from experiences.meaning import held as meaning
from experiences.meaning.model import model
from experiences.models import Situation
from experiences.models.vocabulary.cache import lists
from experiences.search import similarity
from experiences.search.facet_counts import facet_counts
from experiences.search.pagination import ordered_page, ranked_page, scored_page
from experiences.search.parameters import Parameters
from experiences.search.words.correction import correct
from experiences.search.words.joined import JoinedSearch
from experiences.search.words.matches import match_of
from experiences.search.words.matching import WordSearch
from experiences.search.words.query import Query
from experiences.text_index.index import in_state

PAGE, LARGEST_PAGE = 25, 100
TRIES = 5  # of an answer, while others publish
LIKENESS_STEPS = 10_000  # as finely as likeness orders: less is chance of computing
FILTERSETS = {}  # name of a list → the FilterSet that finds its rows


class FilterSet(ABC):
    """What reports and practices have in common; a subclass names its rows.

    `params` is a QueryDict; `situation` is where the reader works, or None; when it is not given, it is what
    `user` stored; `first` is the language of the rows that come first, if any. Raises
    ValidationError({parameter: sentence}).
    """

    orderings = ()
    filters = ()  # parameters beside those of every list
    counted = {}  # what rows say beside their tags, and is counted as a facet is → its parameter
    listed = None  # the HeldList
    beside = ()  # other HeldLists that the answer depends on
    index = None  # the TextIndex of the same rows
    by_words_alone = False  # not by what a question means, too
    as_answers = False  # what words find is taken for an answer: see WordSearch
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

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "listed" in vars(cls):  # A subclass of its own only reads the same list otherwise.
            FILTERSETS[cls.listed.model.LIST] = cls

    def __init__(self, params, user, situation=..., first=""):
        self.params, self.user, self.first = params, user, first
        self.situation = Situation.to_read_in(user) if situation is ... else situation
        try:
            self._read_address()
        except ValidationError:
            # What is not on the lists as this process holds them may be new there: this asks their number.
            held.read_states()
            self._read_address()

    def _read_address(self):
        self.parameters = Parameters(self.params)
        self._conditions = {}  # parameter → functions from Columns to the bits of what fits
        self._found = {}  # what these returned for the list as it is held: some ask the database
        self.lists = lists()
        self._facets = {facet.slug for facet in self.lists.facets}
        values = (f"{negation}{facet}" for facet in self._facets for negation in ("", "not_"))
        self.parameters.refuse_unknown({*self.common, *self.filters, *values})
        self._read()

    # --- Reading the address -------------------------------------------------------------------

    def _read(self):
        self.query = Query(self.parameters.one("q"))
        self.size = self.parameters.number("page_size", PAGE, 1, LARGEST_PAGE)
        self.cursor = self.parameters.one("cursor")
        self.wants_facets = self.parameters.choice("facets", ("1", "0", "")) == "1"
        self.weights = similarity.Weights(
            frozenset(self.parameters.several("likeness_without", similarity.WEIGHTS)),
            frozenset(self.parameters.several("likeness_more", similarity.WEIGHTS)),
        )
        self._read_tags()
        self._read_columns()
        self.default_ordering = "relevance" if self.query else self.usual_ordering()
        self.ordering = self.parameters.choice("ordering", ("", *self.orderings)) or self.default_ordering
        if self.ordering == "relevance" and not self.query:
            self.ordering = "newest"
        if self.ordering == "likeness" and self.situation is None:
            raise ValidationError({"ordering": _("To sort by likeness, say first where you work.")})

    def _read_tags(self):
        if any(self.params.getlist(name) for name in ("stake", "not_stake")):
            codes = self.lists.codes_of_stakes
            for slug in self.parameters.several("stake", codes):
                self._add("stake", codes[slug])
            self._read_unwanted("stake", codes)
        for facet in self._facets:
            if facet in self.params or f"not_{facet}" in self.params:
                codes = self.lists.codes_of_contexts.get(facet, {})
                self._read_any(facet, codes)
                self._read_unwanted(facet, codes)

    def _read_any(self, name, codes):
        """Ask for rows that have any of the values given for `name`; `codes` are {value: its tags}."""
        wanted = self.parameters.several(name, codes)
        if wanted:
            self._add(name, tags_of(wanted, codes))

    def _read_unwanted(self, name, codes):
        """Leave out the rows that have any of the values given for `not_<name>`."""
        unwanted = tags_of(self.parameters.several(f"not_{name}", codes), codes)
        if unwanted:
            self._conditions[f"not_{name}"] = [lambda columns: ~columns.having(unwanted)]

    def _read_least(self, name, column):
        """Ask for rows whose `column` has the value given for `name`, or a later one of its values."""
        codes = tags.of_values(column)
        least = self.parameters.choice(name, ("", *codes))
        if least:
            values = list(codes)
            self._add(name, tags_of(values[values.index(least) :], codes))

    def _read_columns(self):
        self._read_any("language", tags.of_values("language"))
        since = self.parameters.moment("updated_since")
        if since:
            moment = held.microseconds(since)
            self._conditions["updated_since"] = [lambda columns: columns.changed_since(moment)]

    def _add(self, name, codes):
        """Ask for rows that have any of the tags `codes`."""
        self._conditions.setdefault(name, []).append(lambda columns: columns.having(codes))

    @property
    def chosen(self):
        """{parameter: values} of what is asked for."""
        return self.parameters.chosen

    def label_of(self, name, value):
        """Return a value that no facet has in words."""
        return value

    # --- Answering -----------------------------------------------------------------------------

    @property
    def lists_read(self):
        """The HeldLists in which the answer is found."""
        return (self.listed, *self.beside)

    @cached_property
    def lists_held(self):
        """What they hold: in step with the database, which is asked, unless page() did so with its rows."""
        return [one.catch_up() for one in self.lists_read]

    def _answer_from(self, newer):
        for name in ("bits", "count", "words"):
            self.__dict__.pop(name, None)
        self.lists_held, self._found = newer, {}

    @property
    def columns(self):
        return self.lists_held[0].columns

    @cached_property
    def bits(self):
        """The bits of what fits."""
        return self.fitting()

    @cached_property
    def words(self):
        """What the words asked for find, in an index in step with the list."""
        correct(self.query)
        reading = self.index.reading()
        if in_state(reading) != self.lists_held[0].state or reading.behind:
            reading = self.index.catch_up()
            if in_state(reading) != self.lists_held[0].state:
                self.lists_held = [one.catch_up() for one in self.lists_read]
        return self._joined(reading) or WordSearch(self.query, reading, self.columns, self.as_answers)

    def _joined(self, reading):
        """Return what words and their meaning find; None where meaning is not asked for, or not known."""
        if self.by_words_alone or self.ordering != "relevance" or not self.query.is_question:
            return None
        language_model = model()
        vectors = language_model and meaning.vectors(self.index, self.lists_held[0], language_model)
        if not vectors or not len(vectors.keys):
            return None
        asked = language_model.vector_of(self.query.text)
        return JoinedSearch(self.query, reading, self.columns, vectors, asked)

    @cached_property
    def count(self):
        """How many rows fit."""
        return count(self.bits)

    def contexts_of(self, keys):
        """Return {key: its contexts}; none of what no list shows yet, and of contexts none that another
        process added a moment ago.
        """
        known = {tags.context(context.pk): context for context in lists().contexts}
        codes = {key: self.columns.codes_of(key) for key in keys}
        return {key: {known[code] for code in codes[key] if code in known} for key in keys}

    def stakes_of(self, key):
        """Return the slugs of the stakes of a row."""
        codes = set(self.columns.codes_of(key))
        return [stake.slug for stake in self.lists.stakes if tags.stake(stake.pk) in codes]

    def count_without(self, name):
        """Return how many rows would fit without the parameter `name`."""
        return count(self.fitting(without=name))

    def fitting(self, without=None):
        """Return the bits of what fits, whatever is asked for by the parameter `without`."""
        # Words first: to look for them may bring the list in step, too.
        bits = self._bits_of_words(without) if self.query and without != "q" else self.columns.listed
        for name, conditions in self._conditions.items():
            if name != without:
                for condition in conditions:
                    if condition not in self._found:
                        self._found[condition] = condition(self.columns)
                    bits = bits & self._found[condition]
        return bits

    def page(self):
        """Return the Page the address asks for, of one state of the list."""
        if "lists_held" not in self.__dict__:
            self.lists_held = [one.held for one in self.lists_read]
        for left in reversed(range(TRIES)):
            keys, page = self.keys_of_page()
            rows, states = self._read_rows(keys)
            self.shared = states.shared
            reworded = self.shared[0] != self.lists.number
            read_of = tuple(one.state for one in self.lists_held)
            if not left or (states.lists == read_of and not reworded):
                break
            if reworded:
                self._read_address()
            self._answer_from([one.catch_up() for one in self.lists_read])
        page.rows = [rows[key] for key in keys if key in rows]
        page.count = self.count
        return page

    def _bits_of_words(self, without):
        """Return the bits of what the words find: within one language, where that alone is asked for, or what
        each language has is counted.
        """
        words, codes = self.words, tags.of_values("language")
        asked = list(codes) if without == "language" else self.chosen.get("language", [])
        if len(asked) != 1 and without != "language":
            return words.bits
        return reduce(or_, (words.within(self.columns.having(codes[language])) for language in asked))

    def in_language(self, language, most):
        """Return (the keys of up to `most` rows in `language` that the words find within it, in order; how
        many there are; how many of these are not found among all).
        """
        bits = self._written_in(language)
        keys = [key for _score, key in self.words.ranked(bits, most)]
        return keys, count(bits), count(bits & ~self.bits)

    def _written_in(self, language):
        """Return the bits of what fits and is in `language`."""
        return self.fitting(without="language") & self.columns.having([tags.said("language", language)])

    def matches(self, rows):
        """Return {key: Match} of `rows` of the page, where words are looked for; {} otherwise."""
        if not self.query or not rows:
            return {}
        texts = self._texts_of([row.pk for row in rows])
        return {
            row.pk: match_of(self.query, row.told["title"], texts.get(row.pk, ()), self._lacking(row.pk))
            for row in rows
        }

    def _lacking(self, key):
        """Return the words asked for, as typed, that the row `key` of the page does not have."""
        return self.words.missing(key)

    @property
    def lacks_words(self):
        """Whether something fits, but nothing has all the words asked for."""
        asked = bool(self.query and self.query.clauses and self.count)
        return asked and not (self.bits & self.words.whole).any()

    @property
    def spelled(self):
        """{a word that was typed: the one that was looked for in its place}."""
        return self.query.spelled or {}

    def pages(self, most):
        """Yield the Page the address asks for and those after it, until they have `most` rows together."""
        left = most
        while left > 0:
            self.size = min(self.size, left)
            page = self.page()
            yield page
            left -= self.size
            self.cursor = page.next
            if not self.cursor:
                return

    def rows_of(self, keys):
        """Return the rows `keys` as lists show them, in this order; those that no list shows are left out."""
        rows, _states = self._read_rows(keys)
        return [rows[key] for key in keys if key in rows]

    def changed_between(self, after, until):
        """Return [(key, microseconds)] of what fits and changed after the moment `after`, until the moment
        `until`, as others may know it; the latest change first.
        """
        columns = self.columns
        found = places(self.bits, columns.size)
        moments = columns.changed_at[found]
        within = (moments > held.microseconds(after)) & (moments <= held.microseconds(until))
        found, moments = found[within], moments[within]
        order = np.lexsort((-columns.order_keys[found], -moments))
        return list(zip(columns.keys[found[order]].tolist(), moments[order].tolist(), strict=True))

    @property
    def states(self):
        """The States that the page is of: of the index, where that is behind its list."""
        own, *others = (one.state for one in self.lists_held)
        if self.query and self.words.reading.behind:
            own = in_state(self.words.reading)
        return held.States(self.shared, (own, *others))

    @classmethod
    def read_states(cls):
        """Return the States that a page would be of now: nothing else is read."""
        return held.read_states(cls.listed.model, *(one.model for one in cls.beside))

    def validator(self, states):
        """Return what is another whenever the page is, which is of these `states`."""
        if self.ordering != "likeness":
            return states
        return states, sorted(context.pk for contexts in self.mine.values() for context in contexts)

    @abstractmethod
    def _read_rows(self, keys):
        """Return {key: row} of what a page shows of the rows `keys`, and the State of each list read with
        them, in one query.
        """

    @abstractmethod
    def _texts_of(self, keys):
        """Return {key: its plain texts}, of the rows `keys`; those come first in which readers look first."""

    @property
    def state_columns(self):
        """What the query of _read_rows() asks for first."""
        return held.state_columns(*(one.model for one in self.lists_read))

    def _execute(self, sql, keys):
        """Return what the query of _read_rows() answers: the values of its rows, and the States."""
        with connection.cursor() as cursor:
            cursor.execute(sql, keys)
            rows = cursor.fetchall()
        beside = len(held.SHARED) + 2 * len(self.lists_read)
        return [row[beside:] for row in rows], held.states_of(rows[0][:beside])

    @property
    def is_scored(self):
        """Whether its order is by a score, in which no language comes first."""
        return self.ordering in ("relevance", "likeness")

    def keys_of_page(self):
        """Return the keys of the rows of the page, and the Page around them."""
        if self.ordering == "relevance":
            ranked = partial(self.words.ranked, self.bits)
            return ranked_page(self.columns, ranked, self.cursor, self.size)
        if self.ordering == "likeness":
            return scored_page(self.columns, self.bits, self._likeness(), self.cursor, self.size)
        ascending = self.ordering == "oldest"
        return ordered_page(
            self.columns, self._groups(), self._order_keys(), ascending, self.cursor, self.size
        )

    def _groups(self):
        """Return the bits of what fits, parted so that what comes first stands first."""
        if not self.first:
            return [self.bits]
        first = self.columns.having([tags.said("language", self.first)])
        return [self.bits & first, self.bits & ~first]

    def usual_ordering(self):
        """Return the order of a list in which no words are looked for."""
        return "newest"

    def _order_keys(self):
        """Return the numbers by which rows are in order, by place; None for those of the list."""
        return None

    @cached_property
    def mine(self):
        """What is known of the situation the list is read in, by facet."""
        return similarity.known(self.situation.contexts.all()) if self.situation else {}

    def _likeness(self):
        """Return the score of each row by likeness, by place: in ten-thousandths."""
        scores = similarity.scores(self.columns, self.mine, self.weights)
        return np.rint(scores * LIKENESS_STEPS).astype(np.int64)

    def facet_counts(self):
        """Return {parameter: {slug: number}} over what fits; a facet's own choice is left out of its
        counts.
        """
        return facet_counts(self)

    def counts_apart(self, name):
        """Whether the values of the parameter `name` are counted over more than what fits: those of languages
        always, where words are looked for, as in one language words answer that none of it has not.
        """
        return name in self.chosen or (name == "language" and bool(self.query))


def marks(keys):
    """Return what stands for `keys` in SQL, between the brackets of IN."""
    return ", ".join(["%s"] * len(keys)) or "NULL"


def tags_of(values, codes):
    """Return the tags of all `values`; `codes` are {value: its tags}."""
    return [code for value in values for code in codes[value]]
