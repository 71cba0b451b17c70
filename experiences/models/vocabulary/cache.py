"""The closed lists as one process holds them: each form and list needs all of them, and they change rarely.

Each is read whole, and again once a list that was read told that they changed; after KEPT seconds, it is
asked whether they did: so long a reworded or retired term may still be offered as it was. Rows are shared
between requests: nobody changes them.
"""

from functools import wraps
from time import monotonic

from django.apps import apps
from django.utils.functional import cached_property

from experiences.list_index import held, tags

KEPT = 60  # seconds


def rows(name):
    """Return the rows of a list by the name of its model: the models themselves forget() what changed."""
    return apps.get_model("experiences", name).objects.all()


def predecessors(name):
    """Return a function that gives, for the key of a term, that key and those of all it is an heir of."""
    heirs = apps.get_model("experiences", name).heirs.through.objects
    source, target = (f"{way}_{name.lower()}_id" for way in ("from", "to"))
    led_here = {}
    for old, new in heirs.values_list(source, target):
        led_here.setdefault(new, []).append(old)

    def before(key):
        found, waiting = [], [key]
        while waiting:
            one = waiting.pop(0)
            if one not in found:
                found.append(one)
                waiting += led_here.get(one, ())
        return found

    return before


class Lists:
    """All competencies, stakes, facets, contexts, wordings and words of the trade, in their order; each list
    is read when first asked for.
    """

    def __init__(self):
        if held.vocabulary_number is None:
            held.read_states()  # What is known of them later is compared with the number they are read at.
        self.read_at, self.number = monotonic(), held.vocabulary_number
        self.made = {}  # what was made of them: see made_once()

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

    @cached_property
    def wordings(self):
        """{kind: its wordings}."""
        all_rows = rows("Wording")
        found = {kind: [] for kind in all_rows.model.Kind.values}
        for row in all_rows:
            found[row.kind].append(row)
        return found

    @cached_property
    def stakes_of_responsibilities(self):
        """{key of a responsibility: the keys of its stakes}."""
        found = {}
        for wording, stake in rows("Wording").exclude(stakes=None).values_list("pk", "stakes"):
            found.setdefault(wording, set()).add(stake)
        return found

    @cached_property
    def glossary(self):
        """The words of the trade, each with its stakes in hand."""
        return list(rows("GlossaryEntry").prefetch_related("stakes"))

    @cached_property
    def codes_of_stakes(self):
        """{slug: the tags that are found by it}: its own, and those it took the place of (see
        `experiences/list_index/tags.py`).
        """
        before = predecessors("Stake")
        return {row.slug: tuple(map(tags.stake, before(row.pk))) for row in self.stakes}

    @cached_property
    def codes_of_contexts(self):
        """{facet: {slug: the tags that are found by it}}, as codes_of_stakes."""
        before, found = predecessors("Context"), {facet.slug: {} for facet in self.facets}
        for row in self.contexts:
            found[row.facet.slug][row.slug] = tuple(map(tags.context, before(row.pk)))
        return found

    def required_facets(self):
        return [facet for facet in self.facets if facet.required]


def made_once(make):
    """Let `make`, a function of Lists and what else it is given, make the same thing once for as long as
    these lists are held.
    """

    @wraps(make)
    def made(held, *given):
        key = (make, *given)
        if key not in held.made:
            held.made[key] = make(held, *given)
        return held.made[key]

    return made


_held = None


def lists():
    """Return the Lists as they were at most KEPT seconds ago, and since the last change that was heard of."""
    global _held
    found = _held  # Another thread may forget them meanwhile.
    if found is not None and monotonic() - found.read_at >= KEPT:
        held.read_states()
        found.read_at = monotonic()
    if found is None or found.number != held.vocabulary_number:
        _held = found = Lists()
    return found


def forget():
    """Read the lists again when they are next asked for."""
    global _held
    _held = None


def choosable(terms, held=()):
    """Return the current ones of `terms`, and those a row already has: `held`."""
    kept = {term.pk for term in held}
    return [term for term in terms if term.retired_on is None or term.pk in kept]
