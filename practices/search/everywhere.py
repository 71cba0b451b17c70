"""One question asked of everything: stakes, practices, reports, words of the trade."""

from functools import cached_property

from django.http import QueryDict

from experiences.models.vocabulary.glossary import OTHER
from experiences.search import vocabulary
from experiences.search.filters import FilterSet
from experiences.search.pagination import Page
from experiences.search.query import Query
from experiences.search.reports import ReportFilterSet
from experiences.text.languages import language_of
from practices.search.filters import PracticeFilterSet

STAKES, ROWS, TERMS = 3, 5, 3  # shown of each kind,
ELSEWHERE = 3  # and of practices and reports in the other language


class WithTheOtherLanguage(FilterSet):
    """The first rows that words find in any language, and in the `other` one: read at once."""

    def __init__(self, text, user, other, **options):
        asked = QueryDict(mutable=True)
        asked.update({"q": text, "page_size": str(ROWS)})
        self.other = other
        self._shown, self.elsewhere_count = ([], []), 0
        super().__init__(asked, user, None, **options)

    def keys_of_page(self):
        if not self.query:
            return [], Page()
        keys, page = super().keys_of_page()
        elsewhere, self.elsewhere_count = self.in_language(self.other, ELSEWHERE)
        self._shown = keys, elsewhere
        return list(dict.fromkeys([*keys, *elsewhere])), page

    @cached_property
    def rows(self):
        """{key: row} of all that is shown."""
        return {row.pk: row for row in self.page().rows}

    @cached_property
    def unknown(self):
        """The words that nothing has, as typed."""
        # Rows are read first: so the words are looked for in the list as it is.
        return set() if not self.rows and self.query.is_empty else self.words.unknown

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
        """{key: Match} of them."""
        return self.matches(list(self.rows.values()))


class Reports(WithTheOtherLanguage, ReportFilterSet):
    pass


class Practices(WithTheOtherLanguage, PracticeFilterSet):
    pass


class SearchEverywhere:
    """What the words of `text` find, for a reader of `language`; `reads`: where each practice is shown once,
    in a language it can be read in.
    """

    def __init__(self, text, user, language, reads=""):
        self.query = Query(text)
        self.language = language_of(text, language)
        self.other = OTHER[self.language]
        self.reports = Reports(text, user, self.other)
        self.practices = Practices(text, user, self.other, reads=reads)
        self.unknown = self.reports.unknown & self.practices.unknown
        self.stakes = vocabulary.stakes().find(self.query, self.unknown)
        self.terms = vocabulary.terms().find(self.query, self.unknown)

    @cached_property
    def spelled(self):
        """{a word that was typed and no text has: the one that was looked for in its place}."""
        spelled = self.stakes.spelled | self.practices.spelled | self.reports.spelled
        return {word: used for word, used in spelled.items() if word in self.unknown}

    @property
    def lacks_words(self):
        return self.reports.lacks_words and self.practices.lacks_words

    @cached_property
    def count(self):
        """How many results there are, of all kinds; stakes that only come near are none."""
        stakes = 0 if self.stakes.is_near else len(self.stakes.rows)
        terms = 0 if self.terms.is_near else len(self.terms.rows)
        return stakes + terms + self.practices.count + self.reports.count

    @property
    def states(self):
        return self.practices.states
