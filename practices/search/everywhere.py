"""One question asked of everything: stakes, practices, reports, words of the trade."""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.http import QueryDict

from experiences.list_index.held import States
from experiences.models.vocabulary.glossary import OTHER
from experiences.search.filters import FilterSet
from experiences.search.pagination import Page
from experiences.search.reports import ReportFilterSet
from experiences.search.term_counts import TermCounts
from experiences.search.words import vocabulary
from experiences.search.words.correction import correct
from experiences.search.words.query import Query
from experiences.text.languages import language_of
from practices.search.filters import PracticeFilterSet

STAKES, ROWS, TERMS = 3, 5, 3  # shown of each kind,
FEW = 2  # Of so few words, the language is that of the reader.
ELSEWHERE = 5  # and of practices and reports in the other language


class WithTheOtherLanguage(FilterSet):
    """The first rows that words find in any language, and in the `other` one: read at once."""

    def __init__(self, text, user, other, **options):
        asked = QueryDict(mutable=True)
        asked.update({"q": text, "page_size": str(ROWS)})
        self.other = other
        self._shown, self.elsewhere_count, self.beyond = ([], []), 0, 0
        super().__init__(asked, user, None, **options)

    def keys_of_page(self):
        if not self.query:
            return [], Page()
        keys, page = super().keys_of_page()
        elsewhere, self.elsewhere_count, self.beyond = self.in_language(self.other, ELSEWHERE)
        self._shown = keys, elsewhere
        return list(dict.fromkeys([*keys, *elsewhere])), page

    @cached_property
    def rows(self):
        """{key: row} of all that is shown."""
        return {row.pk: row for row in self.page().rows}

    @property
    def best(self):
        """The first rows in any language."""
        return self._rows_of(0)

    @property
    def elsewhere(self):
        """The first rows in the other language."""
        return self._rows_of(1)

    def _rows_of(self, part):
        rows = self.rows  # What is shown is known once they are read.
        return [rows[key] for key in self._shown[part] if key in rows]

    @cached_property
    def found(self):
        """{key: Match} of what the words find."""
        shown = dict.fromkeys(chain.from_iterable(self._shown))
        return self.matches([row for key, row in self.rows.items() if key in shown])


class Reports(WithTheOtherLanguage, ReportFilterSet):
    pass


class Practices(WithTheOtherLanguage, PracticeFilterSet):
    pass


@dataclass(frozen=True)
class FoundStake:
    """A stake that was found, and how many reports and practices it has."""

    stake: object
    reports: int
    practices: int


class SearchEverywhere:
    """What the words of `text` find, for a reader of `language`; `reads`: where each practice is shown once,
    in a language it can be read in.
    """

    def __init__(self, text, user, language, reads=""):
        self.query = Query(text)
        self.language = language_of(text, language) if len(self.query.clauses) > FEW else language
        self.other = OTHER[self.language]
        self.reports = Reports(text, user, self.other)
        self.practices = Practices(text, user, self.other, reads=reads)
        for one in (self.reports, self.practices):
            one.query = self.query
        correct(self.query)
        self.stakes = vocabulary.stakes().find(self.query)
        self.terms = vocabulary.terms().find(self.query)

    @cached_property
    def first_stakes(self):
        """The first of the stakes, as FoundStake."""
        counts = TermCounts(self.practices.lists_held[::-1])  # Of reports first.
        return [FoundStake(one, *counts.of(one)) for one in self.stakes.rows[:STAKES]]

    @property
    def spelled(self):
        """{a word that was typed and nothing has: the one that was looked for in its place}."""
        return self.query.spelled

    @property
    def lacks_words(self):
        return self.reports.lacks_words and self.practices.lacks_words

    @cached_property
    def count(self):
        """How many results there are, of all kinds and in both languages; stakes that come near are none."""
        stakes = 0 if self.stakes.is_near else len(self.stakes.rows)
        terms = 0 if self.terms.is_near else len(self.terms.rows)
        texts = sum(found.count + found.beyond for found in (self.practices, self.reports))
        return stakes + terms + texts

    @property
    def states(self):
        """The States that all of it is of: those of reports were read first."""
        reports, practices = self.reports.states, self.practices.states
        return States(reports.shared, (practices.lists[0], reports.lists[0]))
