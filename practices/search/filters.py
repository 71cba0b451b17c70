"""Finding practices: the same reading of an address as for reports, over what readers see."""

from itertools import chain

import numpy as np

from experiences.list_index import tags
from experiences.list_index.columns import as_bits, places
from experiences.list_index.held import HeldList
from experiences.search.filters import FilterSet, by_row
from practices.list_index.models import ListedPractice
from practices.list_index.rows import VOICES_FROM
from practices.models import Evidence, Practice, PracticeContext
from practices.models.practice.retagging import PRACTICES

PRACTICE_LIST = HeldList(ListedPractice)
VERSION = (1 << VOICES_FROM) - 1  # of an order key, the part that is the current version


class PracticeFilterSet(FilterSet):
    """Finds published practices. A context fits when the practice is meant for it or rests on it.

    A page that `reads` in a language shows each practice once; programs and feeds get them all, as
    each says of what it is a translation.
    """

    orderings = ("newest", "oldest", "relevance", "likeness", "grade")
    filters = ("min_grade",)
    counted = ("language", "grade")
    listed = PRACTICE_LIST
    index = PRACTICES

    def __init__(self, params, user, situation=..., first="", reads=""):
        self.reads = reads
        super().__init__(params, user, situation, first)

    def usual_ordering(self):
        """Programs are given the newest; on pages, what fits the reader's situation best, or holds best."""
        if not self.reads:
            return super().usual_ordering()
        return "grade" if self.situation is None else "likeness"

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

    def order(self):
        if self.ordering == "grade":
            return super().order()
        return self.columns.order_keys & VERSION, self.ordering == "oldest"

    def all(self):
        return Practice.objects.visible_to(self.user).published()

    def contexts_of(self, pks):
        meant = PracticeContext.objects.filter(content_object__in=pks).values_list("content_object", "tag")
        evidence = Evidence.objects.public().filter(
            claim__practice__in=pks, report__context_links__isnull=False
        )
        pairs = evidence.order_by().values_list("claim__practice", "report__context_links__tag")
        return by_row(chain(meant, pairs.distinct()))

    def _read_columns(self):
        super()._read_columns()
        grades = Practice.Grade.names
        least = self._choice("min_grade", ("", *grades))
        if least:
            enough = grades[grades.index(least) :]
            self._add("min_grade", [tags.said("grade", name) for name in enough])

    def _numbers(self, without):
        return super()._numbers("min_grade" if without == "grade" else without)

    def _read_rows(self, keys):
        return self.all().for_list().in_bulk(keys), self.listed.read_state()
