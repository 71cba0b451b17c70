"""Which practices are near to what a report tells: those it may support or contradict."""

from django.http import QueryDict

from experiences.search.related import MOST, Nearest
from practices.search.filters import PracticeFinder


def nearest_practices(told, user, most=MOST):
    """Return up to `most` Near published practices that `user` may read, best first; `told` is a Telling."""
    finder = PracticeFinder(QueryDict(), user=user)
    nearest = Nearest(finder, finder.all(), told)
    return nearest.explained(nearest.keys[:most], language=lambda practice: practice.current.language)
