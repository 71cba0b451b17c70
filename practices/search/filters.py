"""Finding practices: the same reading of an address as for reports, over what readers see."""

from itertools import chain

from django.db.models import Q

from experiences.models import ReportContext
from experiences.search.filters import FilterSet, by_row
from practices.models import Evidence, Practice, PracticeContext, PracticeStake
from practices.models.practice.retagging import PRACTICES


class PracticeFilterSet(FilterSet):
    """Finds published practices. A context fits when the practice is meant for it or rests on it.

    A page that `reads` in a language shows each practice once; programs and feeds get them all, as
    each says of what it is a translation.
    """

    orderings = ("newest", "oldest", "relevance", "likeness", "grade")
    filters = ("min_grade",)
    keys = {
        "newest": ["-current_id"],
        "oldest": ["current_id"],
        "grade": ["-grade", "-current_id"],
    }
    index = PRACTICES
    language_column = "current__language"
    stake_links = PracticeStake.objects
    context_links = PracticeContext.objects

    def __init__(self, params, user, situation=..., reads=""):
        self.reads = reads
        super().__init__(params, user, situation)

    def _fitting(self, without=None):
        rows = super()._fitting(without)
        # The numbers beside the languages are those that choosing one of them gives.
        return rows.once(self.reads) if self.reads and without != "language" else rows

    def all(self):
        return Practice.objects.visible_to(self.user).published()

    def with_stakes(self, rows, slugs):
        return rows.filter(pk__in=PracticeStake.objects.filter(tag__slug__in=slugs).values("content_object"))

    def with_contexts(self, rows, pks):
        meant = PracticeContext.objects.filter(tag__in=pks).values("content_object")
        reports = ReportContext.objects.filter(tag__in=pks).values("content_object")
        rests_on = Evidence.objects.public().filter(report__in=reports).values("claim__practice")
        return rows.filter(Q(pk__in=meant) | Q(pk__in=rests_on))

    def contexts_of(self, pks):
        meant = PracticeContext.objects.filter(content_object__in=pks).values_list("content_object", "tag")
        evidence = Evidence.objects.public().filter(
            claim__practice__in=pks, report__context_links__isnull=False
        )
        pairs = evidence.order_by().values_list("claim__practice", "report__context_links__tag")
        return by_row(chain(meant, pairs.distinct()))

    def _tag_counts(self, links, only, rows):
        """Count contexts as the filter finds them: meant for, or resting on."""
        if only == "stake":
            return super()._tag_counts(links, only, rows)
        pks = rows.order_by().values("pk")
        meant = links.filter(content_object__in=pks).values_list(
            "content_object", "tag__facet__slug", "tag__slug"
        )
        evidence = Evidence.objects.public().filter(
            claim__practice__in=pks, report__context_links__isnull=False
        )
        path = "report__context_links__tag__"
        rests_on = evidence.values_list("claim__practice", f"{path}facet__slug", f"{path}slug")
        nested = {}
        for _practice, facet, slug in {*meant, *rests_on.order_by().distinct()}:
            values = nested.setdefault(facet, {})
            values[slug] = values.get(slug, 0) + 1
        return nested

    def _read_columns(self):
        super()._read_columns()
        grades = {grade.name: grade.value for grade in Practice.Grade}
        least = self._choice("min_grade", ("", *grades))
        if least:
            self._add("min_grade", lambda rows: rows.filter(grade__gte=grades[least]))

    def column_counts(self):
        counted = self._count_column("min_grade", "grade")
        return super().column_counts() | {"grade": {f"G{grade}": number for grade, number in counted.items()}}
