"""What counts in likeness: each facet of the reader's situation as usual, more, or not at all."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from experiences.search import similarity

PARAMETERS = {"more": "likeness_more", "without": "likeness_without"}


class Weighing:
    """The facets known of a reader's situation, each with addresses that weigh it otherwise.

    `params` are those of the list; `address` makes an address of others.
    """

    def __init__(self, params, filterset, address):
        self.params, self.filterset, self.address = params, filterset, address

    @property
    def changed(self):
        """Whether something weighs otherwise than usual."""
        return self.filterset.weights != similarity.AS_USUAL

    @cached_property
    def rows(self):
        """Return [{facet, label, values, choices: [{label, url, chosen}]}], the weightiest first."""
        mine = similarity.known(self.filterset.situation.contexts.all())
        return [self._row(facet, mine[facet]) for facet in similarity.WEIGHTS if facet in mine]

    def _row(self, facet, contexts):
        words = {"": _("Counts"), "more": _("Counts more"), "without": _("Left out")}
        weighs = self._weighs(facet)
        return {
            "facet": facet,
            "label": next(iter(contexts)).facet.label,
            "values": ", ".join(context.label for context in sorted(contexts, key=lambda one: one.position)),
            "choices": [
                {"label": label, "url": self._url(facet, how), "chosen": how == weighs}
                for how, label in words.items()
            ],
        }

    def _weighs(self, facet):
        weights = self.filterset.weights
        if facet in weights.without:
            return "without"
        return "more" if facet in weights.more else ""

    def _url(self, facet, how):
        params = self.params.copy()
        for key, name in PARAMETERS.items():
            kept = [one for one in params.getlist(name) if one != facet]
            params.setlist(name, [*kept, facet] if key == how else kept)
        return f"{self.address(params)}#weights"
