"""A practice as a card, rendered once for all readers: as `experiences/list_index/cards.py`, which see."""

from experiences.list_index.cards import rendered, slot
from experiences.models import Experience

TEMPLATE = "components/practice_card.html"


def card_of(practice, unwanted):
    """Return the card of `practice`, known with its tags and its translations, with slots; `unwanted` as
    unwanted_data() sums it up.

    What is between `wide` and `/wide` is left out where it stands beside other lists.
    """
    words = practice.current
    slots = {
        "grade": slot("grade", f"{practice.grade}{' disputed' * ('disputed' in practice.flags)}"),
        "title": (slot("title"), slot("/title")),
        "mark": slot("mark", words.language),
        "snippet": (slot("snippet"), slot("/snippet")),
        "outcomes": slot("outcomes"),
        "unwanted": slot("unwanted", price_of(unwanted)) if unwanted["some"] else "",
        "alike": slot("alike"),
        "wide": (slot("wide"), slot("/wide")),
        "width": slot("width"),
        "stakes": slot("stakes", " ".join(map(str, sorted(stake.pk for stake in practice.stakes.all())))),
        "language": slot("language", words.language),
        "reports": slot("reports"),
        "flags": slot("flags", " ".join(practice.flags)) if practice.flags else "",
    }
    return rendered(TEMPLATE, {"practice": practice, "words": words, "slot": slots})


def price_of(unwanted):
    """Return how many reports tell of unwanted effects, of how many, and how many of heavy ones."""
    total = sum(unwanted[said] for said in ("some", "none", "not_told"))
    return f"{unwanted['some']} {total} {unwanted['weights'][Experience.Weight.HEAVY]}"
