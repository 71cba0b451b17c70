"""What a community manager answers for: ten areas, and what has been told and found of each.

Counted in the columns that each process holds; the database is asked for the best practice of each stake and
for the few reports that are quoted, whatever the size of the lists.
"""

from dataclasses import dataclass, field

from django.http import QueryDict

from experiences.list_index import tags
from experiences.list_index.columns import count
from experiences.models import Experience, Wording
from experiences.models.vocabulary.cache import lists
from experiences.search.reports import ReportFilterSet
from practices.search.evidence_map import InContexts, current_contexts, states_of
from practices.search.filters import PracticeFilterSet

TEAM, SENIORITY = "team", "author-role"  # the facets that say how many held an area, and who
NOBODY = "t-0"  # the team of a community that nobody was there for
MOST_SITUATIONS = 2  # quoted of each area


@dataclass(frozen=True)
class AreaStake:
    """A stake of an area, with its numbers and the practice that holds best."""

    stake: object
    reports: int
    practices: int
    best: object = None  # PracticeInList

    @property
    def grade(self):
        """The best grade known, 0 to 4; None where there is no practice."""
        return None if self.best is None else self.best.grade


@dataclass(frozen=True)
class Area:
    """One thing that a community manager answers for; its numbers are of the reports that have one of its
    stakes, each once.
    """

    wording: Wording
    stakes: list
    reports: int
    practices: int
    verdicts: dict  # how many reports have each
    team: list  # (context, number of reports), of those that say how many were there for the community
    seniority: list  # likewise, who told
    unheld: dict  # verdicts of those reports in which nobody was
    situations: list = field(default_factory=list)  # ReportInList: of people who met a stake of it
    unheld_report: object = None  # ReportInList: of where nobody was there, and it went wrong

    @property
    def slug(self):
        return self.wording.slug

    @property
    def label(self):
        return self.wording.label

    @property
    def unheld_reports(self):
        return sum(self.unheld.values())


class RoleMap:
    """The areas as `user` may know them: quotations and practices in the language `reads` first."""

    def __init__(self, user, reads):
        self._reports = QuotedReports(user, first=reads)
        self._practices = BestPractices(user, reads)
        told, best = self._reports.page(), self._practices.page()
        self._rows = {row.pk: row for row in told.rows}
        self._best = {row.pk: row for row in best.rows}

    @property
    def states(self):
        """The States of both lists that the map is of; that of reports was read first."""
        return states_of(self._reports, self._practices)

    @property
    def areas(self):
        return [self._area(wording) for wording in responsibilities()]

    def _area(self, wording):
        reports, practices = self._reports, self._practices
        told, distilled = reports.of_area(wording), practices.of_area(wording)
        columns = reports.columns
        unheld = told & columns.having(lists().codes_of_contexts[TEAM].get(NOBODY, ()))
        situations, unheld_key = reports.chosen_of[wording.pk]
        return Area(
            wording,
            [self._stake(stake) for stake in stakes_of(wording)],
            count(told),
            count(distilled),
            by_verdict(columns, told),
            self._in_contexts(TEAM, told),
            self._in_contexts(SENIORITY, told),
            by_verdict(columns, unheld),
            [self._rows[key] for key in situations if key in self._rows],
            self._rows.get(unheld_key),
        )

    def _stake(self, stake):
        codes, lists_of = lists().codes_of_stakes[stake.slug], (self._reports, self._practices)
        reports, practices = (count(one.bits & one.columns.having(codes)) for one in lists_of)
        return AreaStake(stake, reports, practices, self._best.get(self._practices.best_of.get(stake.pk)))

    def _in_contexts(self, facet, told):
        contexts = current_contexts(facet)
        numbers = InContexts(self._reports.columns, told, contexts).counts(told)
        return [(context, number) for context, number in zip(contexts, numbers, strict=True) if number]


def responsibilities():
    """Return the areas, in their order."""
    return lists().wordings[Wording.Kind.RESPONSIBILITY]


def stakes_of(wording):
    """Return the current stakes of an area, in the order of all stakes."""
    keys = lists().stakes_of_responsibilities.get(wording.pk, ())
    return [stake for stake in lists().stakes if stake.pk in keys and stake.retired_on is None]


def codes_of_area(wording):
    return [code for stake in stakes_of(wording) for code in lists().codes_of_stakes[stake.slug]]


def by_verdict(columns, bits):
    """Return {verdict: number} of the rows `bits`."""
    return {one: count(bits & columns.having([tags.said("verdict", one)])) for one in tags.VERDICTS}


class OfAreas:
    """Rows that are found by area, rather than in pages."""

    def of_area(self, wording):
        """Return the bits of those with any stake of an area."""
        return self.bits & self.columns.having(codes_of_area(wording))


class QuotedReports(OfAreas, ReportFilterSet):
    """Of each area the newest reports in the reader's language first, none twice; and the gravest of where
    nobody was there for the community.
    """

    def __init__(self, user, first):
        super().__init__(QueryDict("page_size=1"), user, first=first)

    def keys_of_page(self):
        _keys, page = super().keys_of_page()
        self.chosen_of, taken = {}, set()
        for wording in responsibilities():
            situations = self._newest(self.of_area(wording), taken)
            taken.update(situations)
            unheld = self._gravest_unheld(wording)
            self.chosen_of[wording.pk] = situations, unheld
            taken.add(unheld)
        return list(taken - {None}), page

    def _newest(self, bits, taken):
        enough = MOST_SITUATIONS + len(taken)
        found = [place for group in self._groups() for place in self.columns.page(group & bits, enough)]
        keys = self.columns.keys[found].tolist()
        return [key for key in keys if key not in taken][:MOST_SITUATIONS]

    def _gravest_unheld(self, wording):
        nobody = self.columns.having(lists().codes_of_contexts[TEAM].get(NOBODY, ()))
        bits = self.of_area(wording) & nobody
        for verdict in Experience.Verdict.GRAVEST_FIRST:
            failed = self.columns.having([tags.said("verdict", verdict)])
            for group in self._groups():
                found = self.columns.page(group & bits & failed, 1)
                if len(found):
                    return int(self.columns.keys[found[0]])
        return None


class BestPractices(OfAreas, PracticeFilterSet):
    """Of each stake the practice that holds best."""

    def __init__(self, user, reads):
        super().__init__(QueryDict("page_size=1"), user, None, first=reads, reads=reads)

    def keys_of_page(self):
        _keys, page = super().keys_of_page()
        best = {stake.pk: self.best_with(stake, 1, self.bits) for stake in lists().stakes}
        self.best_of = {stake: found[0] for stake, found in best.items() if found}
        return list(set(self.best_of.values())), page
