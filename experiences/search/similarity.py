"""How like two situations are, and the sentence that says so.

Over the facets known on both sides: Σ wᶠ·mᶠ / Σ wᶠ. `m` is the share of values in common; for
sizes, team and budget it is max(0, 1 − distance/3), the distance counted in bands. A reader may leave
facets out of it, or have some weigh more.
"""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from experiences.list_index import tags
from experiences.list_index.columns import as_mask, has_bits
from experiences.models.vocabulary.cache import lists

WEIGHTS = {
    "audience": 3,
    "kind": 3,
    "community-size": 2,
    "life-stage": 2,
    "organisation-size": 1,
    "sector": 1,
    "platform": 1,
    "team": 1,
    "moderation": 1,
    "region": 0.5,
    "budget": 0.5,
    "author-role": 0.5,
}
BANDS = {"community-size", "organisation-size", "team", "budget"}
ALIKE = 0.6  # At or above, a context counts as "like yours": see is_alike().
MORE = 3  # times its weight: less would not bring a light facet past those that weigh two or three.


@dataclass(frozen=True)
class Weights:
    """What each facet weighs in one request; one that is both left out and weighed more is left out."""

    without: frozenset = frozenset()
    more: frozenset = frozenset()

    def __getitem__(self, facet):
        if facet in self.without:
            return 0
        return WEIGHTS[facet] * (MORE if facet in self.more else 1)

    def shared(self, mine, theirs):
        """Return the facets that count and are known on both sides, the weightiest first."""
        facets = [facet for facet in WEIGHTS if facet in mine and facet in theirs and self[facet]]
        return sorted(facets, key=self.__getitem__, reverse=True)


AS_USUAL = Weights()


def known(contexts):
    """Return {facet slug: {Context}} of what is known in `contexts`."""
    grouped = {}
    for context in contexts:
        if context.is_known:
            grouped.setdefault(context.facet.slug, set()).add(context)
    return grouped


def likeness(mine, theirs, weights=AS_USUAL):
    """Return 0 to 1, or None when no facet that counts is known on both sides."""
    shared = weights.shared(mine, theirs)
    if not shared:
        return None
    total = sum(weights[facet] for facet in shared)
    return sum(weights[facet] * match(facet, mine[facet], theirs[facet]) for facet in shared) / total


def is_alike(score):
    """Whether the likeness `score`, or each of an array of them, counts as "like yours"; rounding aside."""
    return score >= ALIKE - 1e-6


def match(facet, mine, theirs):
    """Return how far the values of one facet agree, 0 to 1."""
    if facet in BANDS:
        distance = min(abs(one.position - other.position) for one in mine for other in theirs)
        return max(0, 1 - distance / 3)
    return len(mine & theirs) / len(mine | theirs)


def scores(columns, mine, weights=AS_USUAL, places=None):
    """Return the likeness of the rows at `places` of `columns`, of every row by place if not given, to
    {facet: contexts} `mine`; nought where no facet that counts is known on both sides, or no row is (-1). It
    is what likeness() says, of all rows at once.
    """
    size = columns.size if places is None else len(places)
    got, of = np.zeros(size, np.float32), np.zeros(size, np.float32)
    for facet, own in mine.items():
        weight = facet in WEIGHTS and weights[facet]
        if weight:
            agreed, is_known = _matches(columns, facet, own, places)
            got += weight * agreed
            of += weight * is_known
    return np.divide(got, of, out=np.zeros_like(got), where=of > 0)


def _matches(columns, facet, own, places):
    """Return what match() says, and whether anything of `facet` is known, of the rows at `places`."""
    size = columns.size if places is None else len(places)
    told, shared = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    near = np.zeros(size, np.float32)
    for context in lists().contexts:
        if context.facet.slug != facet or not context.is_known:
            continue
        having = has_tag(columns, tags.context(context.pk), places)
        told += having
        if facet in BANDS:
            np.maximum(near, having * np.float32(match(facet, own, {context})), out=near)
        elif context in own:
            shared += having
    if facet not in BANDS:
        near = shared / np.maximum(told + np.float32(len(own)) - shared, 1)
    return near, told > 0


def has_tag(columns, code, places):
    """Return whether each of the rows at `places` of `columns` has the tag `code`; not one that is nowhere
    (-1).
    """
    bits = columns.having([code])
    if places is None:
        return as_mask(bits, columns.size)
    return has_bits(bits, places) & (places >= 0) if columns.size else np.zeros(len(places), bool)


def explain(mine, theirs, weights=AS_USUAL):
    """Return a sentence naming the facets that match and those that differ, of those that count."""
    shared = weights.shared(mine, theirs)
    same = [_label(mine[facet]) for facet in shared if mine[facet] & theirs[facet]]
    other = [_label(theirs[facet]) for facet in shared if not mine[facet] & theirs[facet]]
    if same and other:
        return _("Like yours: %(same)s. Different: %(other)s.") % _joined(same=same, other=other)
    if same:
        return _("Like yours: %(same)s.") % _joined(same=same)
    if other:
        return _("Different from yours: %(other)s.") % _joined(other=other)
    return ""


def context_label(context):
    """Return a context as it can stand alone: a band of numbers says what it counts."""
    if context.facet.slug not in BANDS:
        return context.label
    return _("%(facet)s: %(value)s") % {"facet": context.facet.label, "value": context.label}


def short_label(context):
    """Return a context in few words, to stand in a sentence: without what explains it in brackets."""
    if context.facet.slug == "community-size":
        return _("members: %(number)s") % {"number": context.label}
    label = context_label(context).split(" (")[0]
    return _("audience %(who)s") % {"who": label} if context.facet.slug == "audience" else label


def _label(contexts):
    return " / ".join(sorted(context_label(context) for context in contexts))


def _joined(**lists):
    return {name: ", ".join(labels) for name, labels in lists.items()}
