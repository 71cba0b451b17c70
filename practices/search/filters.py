"""Finding practices: the same reading of an address as for reports, over what readers see."""

import numpy as np

from experiences.list_index import held, tags
from experiences.list_index.columns import as_bits, places
from experiences.search.filters import FilterSet
from practices.list_index.models import ListedPractice
from practices.list_index.rows import VOICES_FROM
from practices.models import Practice
from practices.models.practice.retagging import PRACTICES

VERSION = (1 << VOICES_FROM) - 1  # of an order key, the part that is the current version


class PracticeFilterSet(FilterSet):
    """Finds published practices. A context fits when the practice is meant for it or rests on it.

    A page that `reads` in a language shows each practice once; programs and feeds get them all, as
    each says of what it is a translation.
    """

    orderings = ("newest", "oldest", "relevance", "likeness", "grade")
    filters = ("min_grade",)
    counted = {"language": "language", "grade": "min_grade"}
    listed = held.hold(ListedPractice)
    index = PRACTICES

    def __init__(self, params, user, situation=..., first="", reads=""):
        self.reads = reads
        super().__init__(params, user, situation, first)

    def usual_ordering(self):
        """Programs are given the newest; pages begin with what holds best."""
        return "grade" if self.reads else super().usual_ordering()

    def _fitting(self, without=None):
        bits = super()._fitting(without)
        # The numbers beside the languages are those that choosing one of them gives.
        return self._once(bits) if self.reads and without != "language" else bits

    def _once(self, bits):
        """Leave out practices that are also found in the reader's language, so that each is listed once.

        One that is here in another language only stays: nothing that was found is lost.
        """
        columns = self.columns
        here = columns.having([tags.said("language", self.reads)])
        family = columns.extra["family"]
        told = np.isin(family, family[places(bits & here, columns.size)])
        return bits & (here | ~as_bits(told))

    def _order_keys(self):
        return None if self.ordering == "grade" else self.columns.order_keys & VERSION

    def _counts_apart(self, name):
        """Those of languages always, where a page shows each practice once: as choosing one finds them."""
        return super()._counts_apart(name) or (name == "language" and bool(self.reads))

    def all(self):
        return Practice.objects.visible_to(self.user).published()

    def _read_columns(self):
        super()._read_columns()
        self._read_least("min_grade", "grade")

    def _read_rows(self, keys):
        rows = self.all().for_list().in_bulk(keys)
        (state,) = held.read_states(self.listed.model)  # After them: what changes between is told.
        return rows, state
