"""The closed lists as one process holds them: each form and list needs all of them, and they change rarely.

Each is read whole, and again after KEPT seconds: so long a reworded or retired term may still be
offered as it was. Rows are shared between requests: nobody changes them.
"""

from time import monotonic

from django.utils.functional import cached_property

from experiences.models.vocabulary import Competency, Context, Facet, Stake

KEPT = 60  # seconds


class Lists:
    """All competencies, stakes, facets and contexts, in their order; each list is read when first asked
    for.
    """

    def __init__(self):
        self.read_at = monotonic()

    @cached_property
    def competencies(self):
        return list(Competency.objects.all())

    @cached_property
    def stakes(self):
        return list(Stake.objects.select_related("competency"))

    @cached_property
    def facets(self):
        return list(Facet.objects.all())

    @cached_property
    def contexts(self):
        """The contexts, each with its facet in hand."""
        return list(Context.objects.select_related("facet"))

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
