"""The vocabulary as SKOS in JSON-LD (<https://www.w3.org/TR/skos-reference/>): for those who teach, research,
or tag by the same lists elsewhere.

Concepts are named by the addresses of their pages or of the API, which are permanent; of a term that was
retired, `replacedBy` leads to its heirs.
"""

from django.conf import settings
from django.urls import reverse

from experiences.interchange.citation import LICENCE_ADDRESS
from experiences.models import Competency, Facet, GlossaryEntry, Stake, Wording
from experiences.models.vocabulary.words import LANGUAGES, listed

OF_THIS_SITE = {
    "en": "A term of this site, which other sites need not have.",
    "fr": "Un terme de ce site, que d’autres n’ont pas forcément.",
}
CONTEXT = {
    "@vocab": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "id": "@id",
    "type": "@type",
    **{
        name: {"@type": "@id"} for name in ("inScheme", "topConceptOf", "broader", "related", "hasTopConcept")
    },
    "replacedBy": {"@id": "dct:isReplacedBy", "@type": "@id"},
    "licence": {"@id": "dct:license", "@type": "@id"},
    "deprecated": {"@id": "owl:deprecated"},
    **{name: {"@container": "@language"} for name in ("prefLabel", "definition", "scopeNote", "note")},
    "altLabel": {"@container": "@language"},
}


def vocabulary():
    """Return the whole vocabulary as a JSON-LD document: schemes, and the concepts in them."""
    graph = [*stakes(), *facets(), *responsibilities(), *glossary()]
    return {"@context": CONTEXT, "@graph": graph}


def stakes():
    """Yield the scheme of stakes: competencies, and what is at stake in each."""
    scheme = absolute(reverse("stakes"))
    areas = list(Competency.objects.all())
    names = {"en": "Stakes of community management", "fr": "Enjeux de l’animation de communautés"}
    yield scheme_of(scheme, names) | {"hasTopConcept": [f"{scheme}#{area.slug}" for area in areas]}
    for area in areas:
        yield concept(area, f"{scheme}#{area.slug}", scheme) | {"topConceptOf": scheme}
    for stake in Stake.objects.select_related("competency").prefetch_related("heirs"):
        told = concept(stake, absolute(stake.get_absolute_url()), scheme)
        yield told | {"broader": f"{scheme}#{stake.competency.slug}"} | retirement(stake, stake_address)


def facets():
    """Yield a scheme for each facet of a situation, and its values."""
    for facet in Facet.objects.prefetch_related("contexts__heirs"):
        scheme = absolute(reverse("api-facet-detail", args=[facet.slug]))
        yield scheme_of(scheme, in_both(facet, "name"))
        for context in facet.contexts.all():
            context.facet = facet
            yield concept(context, context_address(context), scheme) | retirement(context, context_address)


def responsibilities():
    """Yield the scheme of what a community manager answers for, each related to its stakes."""
    scheme = absolute(reverse("api-wording-list")) + "responsibility/"
    names = {"en": "What a community manager answers for", "fr": "Ce dont un community manager répond"}
    yield scheme_of(scheme, names)
    for wording in Wording.objects.filter(kind=Wording.Kind.RESPONSIBILITY).prefetch_related("stakes"):
        related = [stake_address(stake) for stake in wording.stakes.all()]
        yield concept(wording, f"{scheme}{wording.slug}/", scheme) | {"related": related}


def glossary():
    """Yield the scheme of the words of the trade, each related to its stakes."""
    scheme = absolute(reverse("trade-words"))
    yield scheme_of(scheme, {"en": "Words of the trade", "fr": "Mots du métier"})
    for entry in GlossaryEntry.objects.prefetch_related("stakes"):
        related = [stake_address(stake) for stake in entry.stakes.all()]
        yield concept(entry, absolute(entry.get_absolute_url()), scheme) | {"related": related}


# --- What SKOS says of one ---------------------------------------------------------------------------


def scheme_of(address, names):
    """Return a scheme: a list of concepts, with its names in both languages."""
    return {"id": address, "type": "ConceptScheme", "prefLabel": names, "licence": LICENCE_ADDRESS}


def concept(row, address, scheme):
    """Return what SKOS says of a row in both languages; what it does not say is left out."""
    told = {
        "id": address,
        "type": "Concept",
        "inScheme": scheme,
        "notation": row.slug,
        "prefLabel": in_both(row, "name"),
        "definition": in_both(row, "definition"),
        "scopeNote": in_both(row, "confusion"),
        "note": OF_THIS_SITE if getattr(row, "local", False) else {},
        "altLabel": {language: listed(text) for language, text in in_both(row, "synonyms").items()},
    }
    return {name: value for name, value in told.items() if value}


def in_both(row, name):
    """Return {language: text} of a column that is there in both languages; {} where it is not."""
    texts = {language: getattr(row, f"{name}_{language}", "") for language in LANGUAGES}
    return {language: text for language, text in texts.items() if text}


def retirement(term, address_of):
    """Return what is said of a term that may no longer be chosen."""
    if term.retired_on is None:
        return {}
    return {"deprecated": True, "replacedBy": [address_of(heir) for heir in term.heirs.all()]}


def stake_address(stake):
    return absolute(stake.get_absolute_url())


def context_address(context):
    return absolute(reverse("api-context-value-detail", args=[context.facet.slug, context.slug]))


def absolute(path):
    return settings.SITE_URL + path
