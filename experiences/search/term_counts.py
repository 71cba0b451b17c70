"""How many published reports and practices carry each term: as many as lists filtered by it find."""

from django.utils.functional import cached_property

from experiences.list_index import held, tags
from experiences.list_index.columns import count
from experiences.models import Competency, Stake
from experiences.models.vocabulary.cache import lists


class TermCounts:
    """The numbers as they are in the Held lists of reports and practices, or now; a practice counts once, in
    however many languages it can be read.
    """

    def __init__(self, lists_held=()):
        if not lists_held:
            lists_held, self.states = held.in_step("reports", "practices")
        reports, practices = (one.columns for one in lists_held)
        # Of each list, its Columns and the bits of what is counted.
        self.lists = [(reports, reports.listed), (practices, practices.listed & ~practices.translated())]

    @cached_property
    def _numbers(self):
        return [columns.counts(bits) for columns, bits in self.lists]

    def having(self, codes):
        """Return [reports, practices]: how many have any of the tags `codes`."""
        if len(codes) == 1:
            return [numbers.get(codes[0], 0) for numbers in self._numbers]
        return [count(bits & columns.having(codes)) for columns, bits in self.lists]

    def of(self, term):
        """Return [reports, practices] of a stake, a context, or all stakes of a competency."""
        return self.having(list(codes_of(term)))


def codes_of(term):
    """Yield the tags that `term` is found by; one that another process added a moment ago, by its own."""
    if isinstance(term, Competency):
        for stake in term.stakes.all():
            yield from codes_of(stake)
    elif isinstance(term, Stake):
        yield from lists().codes_of_stakes.get(term.slug, (tags.stake(term.pk),))
    else:
        of_facet = lists().codes_of_contexts.get(term.facet.slug, {})
        yield from of_facet.get(term.slug, (tags.context(term.pk),))
