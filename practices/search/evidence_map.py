"""The map of the evidence: how much has been told of what, where, and what came of it.

Competencies, or the stakes of one of them, by the contexts of one facet: counted in the columns that each
process holds, so that no count asks the database. A report with several competencies counts in each.
"""

from dataclasses import dataclass

import numpy as np
from django.utils.functional import cached_property

from experiences.list_index import held, tags
from experiences.list_index.columns import count
from experiences.models import Experience, ListedReport
from experiences.models.vocabulary.cache import lists
from experiences.search.parameters import Parameters
from experiences.search.term_counts import TermCounts
from practices.models import ListedPractice

FACET = "audience"  # by which the map is drawn if no other is asked for
NEVER_ALONE = ("budget",)  # No page tells one without all else that says where it was.
FEW = 3  # Below, a cell is a gap to fill.


@dataclass(frozen=True)
class Cell:
    """What has been told of a stake or a competency, `term`, in one context."""

    term: object
    context: object
    verdicts: dict  # how many reports have each
    practices: int

    @property
    def reports(self):
        return sum(self.verdicts.values())

    @property
    def failures(self):
        return sum(self.verdicts[verdict] for verdict in Experience.Verdict.FAILURES)

    @property
    def is_gap(self):
        return self.reports < FEW


@dataclass(frozen=True)
class Row:
    """A stake or a competency with its cells, one of each context, and its numbers wherever it was."""

    term: object
    reports: int
    practices: int
    cells: list


class EvidenceMap:
    """The map by one `facet`, of all competencies or of the stakes of one `competency`."""

    def __init__(self, facet, competency=None):
        self.facet, self.competency = facet, competency
        counts = TermCounts()
        self.states = counts.states
        self._reports, self._practices = (InContexts(*one, self.contexts) for one in counts.lists)

    @classmethod
    def at(cls, params):
        """Return the map that the address `params` asks for.

        Raises ValidationError({parameter: sentence}).
        """
        parameters = Parameters(params)
        parameters.refuse_unknown(("facet", "competency"))
        facets, areas = ({row.slug: row for row in rows} for rows in (map_facets(), lists().competencies))
        facet = parameters.choice("facet", ("", *facets)) or FACET
        return cls(facets[facet], areas.get(parameters.choice("competency", ("", *areas))))

    @cached_property
    def contexts(self):
        """The values of the facet that one may still choose, in their order."""
        return current_contexts(self.facet.slug)

    @property
    def is_of_stakes(self):
        """Whether its rows are stakes; else they are competencies."""
        return self.competency is not None

    @cached_property
    def rows(self):
        return [self._row(term, codes) for term, codes in self._terms()]

    @property
    def cells(self):
        return [cell for row in self.rows for cell in row.cells]

    @property
    def gaps(self):
        """The cells of which least was told, first those in whose row most was told elsewhere."""
        gaps = [(cell, row) for row in self.rows for cell in row.cells if cell.is_gap]
        gaps.sort(key=lambda pair: (pair[0].reports, -pair[1].reports))
        return [cell for cell, _row in gaps]

    def _terms(self):
        """Yield (competency or stake, the tags it is found by)."""
        codes = lists().codes_of_stakes
        stakes = {}
        for stake in lists().stakes:
            stakes.setdefault(stake.competency_id, []).append(stake)
        if not self.is_of_stakes:
            for area in lists().competencies:
                yield area, [code for stake in stakes.get(area.pk, ()) for code in codes[stake.slug]]
            return
        for stake in stakes.get(self.competency.pk, ()):
            if stake.retired_on is None:
                yield stake, codes[stake.slug]

    def _row(self, term, codes):
        told, distilled = self._reports.having(codes), self._practices.having(codes)
        by_verdict = {
            verdict: self._reports.counts(told & self._reports.having([tags.said("verdict", verdict)]))
            for verdict in tags.VERDICTS
        }
        practices = self._practices.counts(distilled)
        cells = []
        for at, context in enumerate(self.contexts):
            verdicts = {verdict: numbers[at] for verdict, numbers in by_verdict.items()}
            cells.append(Cell(term, context, verdicts, practices[at]))
        return Row(term, count(told), count(distilled), cells)


def map_facets():
    """Return the facets by which the map can be drawn."""
    return [facet for facet in lists().facets if facet.slug not in NEVER_ALONE]


def current_contexts(facet):
    """Return the values of a facet, by its slug, that one may still choose and that say something."""
    return [
        context
        for context in lists().contexts
        if context.facet.slug == facet and context.is_known and context.retired_on is None
    ]


class InContexts:
    """The rows of `columns` that are `listed`, by which of some contexts they have."""

    def __init__(self, columns, listed, contexts):
        self.columns, self.listed = columns, listed
        codes = lists().codes_of_contexts
        rows = [columns.having(codes[context.facet.slug][context.slug]) for context in contexts]
        self.bits = np.array(rows, np.uint64).reshape(len(rows), len(listed))

    def having(self, codes):
        """Return the bits of those that have any of the tags `codes`."""
        return self.columns.having(codes) & self.listed

    def counts(self, bits):
        """Return, for each of the contexts, how many of the rows `bits` have it."""
        return np.bitwise_count(self.bits & bits).sum(axis=1, dtype=np.int64).tolist()


def read_states():
    """Return the States of both lists, as they are stored now."""
    return held.read_states(ListedReport, ListedPractice)


def states_of(reports, practices):
    """Return the States of both lists that what two filter sets found is of; the first was read before."""
    return held.States(reports.states.shared, (reports.states.lists[0], practices.states.lists[0]))
