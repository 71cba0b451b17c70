"""Make the vectors of what is public, where a language model is installed: called by the worker."""

from experiences.meaning.making import VectorMaker
from experiences.models import Experience
from experiences.text_index.index import REPORTS
from practices.models import Practice
from practices.search.filters import PracticeFilterSet

MAKERS = (VectorMaker(REPORTS, Experience), VectorMaker(PracticeFilterSet.index, Practice))


def make_vectors():
    """Make the vectors of a few reports or practices; return how many were made, none if none is due."""
    return next(filter(None, (maker.make_some() for maker in MAKERS)), 0)
