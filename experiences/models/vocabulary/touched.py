"""What a change of a term would touch, told before it is made: numbers, and titles anyone may read."""

from dataclasses import dataclass

from experiences.models.situation import Situation
from experiences.models.vocabulary.retirement import tagged

SHOWN = 5  # titles of each kind


@dataclass(frozen=True)
class Touched:
    """How many rows have a term; of those that anyone may read, some rows too: never of drafts."""

    published_reports: int
    other_reports: int
    practices: int
    situations: int
    reports_shown: list
    practices_shown: list


def touched_by(term):
    """Return what has `term`, in as many queries for many rows as for few."""
    reports, practices = (model.objects for model in tagged(term))
    named = {f"{term.LINKS}__tag": term}
    in_all, published = reports.filter(**named).count(), reports.published().filter(**named)
    number = published.count()
    open_practices = practices.published().filter(**named).select_related("current")
    return Touched(
        published_reports=number,
        other_reports=in_all - number,
        practices=practices.naming(term).count(),
        situations=Situation.objects.filter(contexts=term).count() if term.LIST == "contexts" else 0,
        reports_shown=list(published.order_by("-order_key")[:SHOWN]),
        practices_shown=list(open_practices.order_by("-grade", "-pk")[:SHOWN]),
    )
