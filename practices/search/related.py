"""Which practices are near to what a report tells: those it may support or contradict."""

from django.http import QueryDict

from experiences.search.related import MOST, RelatedSearch
from practices.search.filters import PracticeFilterSet


def related_practices(report, user, most=MOST, closely=False):
    """Return up to `most` published practices related to the Subject `report` that `user` may read, best
    first; `closely`: better none than one that is far-fetched.
    """
    filterset = PracticeFilterSet(QueryDict(), user=user)
    nearest = RelatedSearch(filterset, filterset.all(), report)
    found = nearest.close_keys if closely else nearest.keys
    return nearest.explained(found[:most])
