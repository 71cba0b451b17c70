"""The closed lists as one process holds them: each form and list needs all of them, and they change rarely.

Each is read whole, and again after KEPT seconds: so long a reworded or retired term may still be
offered as it was. Rows are shared between requests: nobody changes them.
"""

from time import monotonic

from django.apps import apps
from django.utils.functional import cached_property

KEPT = 60  # seconds


def rows(name):
    """Return the rows of a list by the name of its model: the models themselves forget() what changed."""
    return apps.get_model("experiences", name).objects.all()


class Lists:
    """All competencies, stakes, facets and contexts, in their order; each list is read when first asked
    for.
    """

    def __init__(self):
        self.read_at = monotonic()

    @cached_property
    def competencies(self):
        return list(rows("Competency"))

    @cached_property
    def stakes(self):
        return list(rows("Stake").select_related("competency"))

    @cached_property
    def facets(self):
        return list(rows("Facet"))

    @cached_property
    def contexts(self):
        """The contexts, each with its facet in hand."""
        return list(rows("Context").select_related("facet"))

    def required_facets(self):
        return [facet for facet in self.facets if facet.required]


_held = None


def lists():
    """Return the Lists, read at most KEPT seconds ago."""
    global _held
    if _held is None or monotonic() - _held.read_at >= KEPT:
        _held = Lists()
    return _held


def forget():
    """Read the lists again when they are next asked for."""
    global _held
    _held = None


def choosable(terms, held=()):
    """Return the current ones of `terms`, and those a row already has: `held`."""
    kept = {term.pk for term in held}
    return [term for term in terms if term.retired_on is None or term.pk in kept]
