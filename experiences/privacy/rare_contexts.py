"""Whether the contexts a report shows may tell who wrote it: too few organisations fit them all.

The answer names a facet to withhold. It never says how many organisations fit, nor which.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from experiences.models import Experience, Facet, ReportContext
from experiences.search.similarity import known
from experiences.text.organisations import organisation_key

ENOUGH = 5  # organisations among which an author disappears
MOST_READ = 1000  # reports; that many from fewer than five organisations would be no corpus yet


@dataclass(frozen=True)
class Rarity:
    """Too few organisations fit; withholding `facet` brings most of them in, and perhaps enough."""

    facet: Facet | None
    is_enough: bool = False

    @property
    def anchor(self):
        """The place of the facet in the report's form."""
        grouped = self.facet.required or self.facet.most > 1
        return f"id_{self.facet.slug}_group" if grouped else f"id_{self.facet.slug}"


def rarity_of(contexts):
    """Return the Rarity of what `contexts` shows together, or None when enough organisations fit."""
    shown = known(contexts)
    if not shown or set(shown) == {"budget"}:  # A budget is never shown alone.
        return None
    fitting = _organisations(shown.values())
    if fitting >= ENOUGH:
        return None
    without = {
        slug: _organisations(values for other, values in shown.items() if other != slug) for slug in shown
    }
    best = max(without, key=without.get)
    if without[best] <= fitting:
        return Rarity(None)
    return Rarity(next(iter(shown[best])).facet, without[best] >= ENOUGH)


def _organisations(groups):
    """Count the organisations, or authors where none is known, of published reports in all contexts.

    All that withhold a name are one: who they are must not show in what anyone is warned of.
    """
    reports = Experience.objects.published()
    for context in sorted((one for group in groups for one in group), key=lambda one: one.pk):
        held = ReportContext.objects.filter(content_object=OuterRef("pk"), tag=context)
        reports = reports.filter(Exists(held))
    voices = reports.values_list("identity", "organisation", "author")[:MOST_READ]
    return len({_voice(*voice) for voice in voices})


def _voice(identity, organisation, author):
    if identity == Experience.Identity.WITHHELD:
        return identity
    return organisation_key(organisation) or author
