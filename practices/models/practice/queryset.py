"""What is asked of practices: what pages read with them, and which wait for a curator."""

from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from practices.list_index.models import ListedPractice
from practices.list_index.rows import row_of
from practices.models.evidence import Evidence
from practices.models.log import LogLine
from practices.models.practice.retagging import RetaggedPractices
from practices.models.trial import Trial


def list_rows(practices):
    """Return the rows by which lists find `practices`, read as for_list(), as they would be written now."""
    told = Evidence.objects.outcomes(practices)
    contexts = Evidence.objects.contexts(practices)
    return [row_of(one, told.get(one.pk, {}), contexts.get(one.pk, ())) for one in practices]


# Of practices with all that is under them, so many are read at once: on SQLite, Django looks for the reports
# that they cite by “id = … OR id = …”, of which SQLite takes a thousand.
AT_ONCE = 20


class PracticeQuerySet(RetaggedPractices):
    def list_again(self):
        """Write the rows by which lists find these, or drop them, as readers can read them or not.

        They are read anew, and held: what is in hand may be as it was before somebody else's verb. What was
        never published is in no list.
        """
        self.hold()
        rows = list(self.exclude(current=None).for_list())
        shown = [row for row in rows if row.is_open_to_readers]
        if shown:
            ListedPractice.objects.put(list_rows(shown))
        if len(shown) < len(rows):
            ListedPractice.objects.drop(row.pk for row in rows if not row.is_open_to_readers)

    def for_list(self):
        related = ("current__follows_version", "heir", "translation_of__current")
        return self.select_related(*related).prefetch_related(*self._tags(), self._translations())

    def for_titles(self):
        """Read no more than what a line of a list shows: what readers call it, and its grade."""
        return self.select_related("current").defer("html", "current__html")

    def for_detail(self):
        return (
            self.for_list()
            .select_related("created_by", "follows_version")
            .prefetch_related(
                "current__claims__evidence__report__author",
                "current__claims__evidence__report__contexts__facet",
                Prefetch("trials", Trial.objects.shown().for_detail()),
            )
        )

    def to_look_at_again(self):
        """Return published practices for curators to look at again, the longest unchanged first.

        They are disputed, ageing, due, behind their original, or quote words that are gone.
        """
        stale = Evidence.objects.public().filter(stale=True).values("claim__practice")
        doubted = Q(assessment_data__flags__icontains="disputed") | Q(
            assessment_data__flags__icontains="ageing"
        )
        due = Q(review_due_on__lte=timezone.localdate())
        behind = Q(translation_of__isnull=False) & ~Q(current__follows_version=F("translation_of__current"))
        found = self.published().filter(doubted | due | behind | Q(pk__in=stale))
        return found.order_by("changed_at", "pk")

    def with_open_comments(self):
        """Add `open_comments`: how many comments of its working copy nobody has settled."""
        is_open = Q(comments__settled_at=None)
        return self.annotate(open_comments=Count("comments", filter=is_open, distinct=True))

    def with_state_since(self):
        """Add `in_state_since`, when each came to the state it is in."""
        moves = LogLine.objects.filter(practice=OuterRef("pk"), verb__in=LogLine.MOVES).order_by("-pk")
        came = Subquery(moves.values("at")[:1])
        return self.annotate(in_state_since=Coalesce(came, "created_at"))

    @staticmethod
    def _tags():
        # taggit's managers refuse a Prefetch with a queryset of one's own.
        yield "stakes__competency"
        yield "contexts__facet"

    def _translations(self):
        return Prefetch("translations", self.model.objects.select_related("current").order_by("pk"))
