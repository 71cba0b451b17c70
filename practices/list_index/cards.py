"""A practice as a card, rendered once for all readers: as `experiences/list_index/cards.py`, which see."""

from experiences.list_index.cards import rendered, slot

TEMPLATE = "components/practice_card.html"


def card_of(practice):
    """Return the card of `practice`, known with its tags and its translations, with slots.

    What is between `wide` and `/wide` is left out where it stands beside other lists.
    """
    words = practice.current
    slots = {
        "grade": slot("grade", f"{practice.grade}{' disputed' * ('disputed' in practice.flags)}"),
        "title": (slot("title"), slot("/title")),
        "snippet": (slot("snippet"), slot("/snippet")),
        "outcomes": slot("outcomes"),
        "alike": slot("alike"),
        "wide": (slot("wide"), slot("/wide")),
        "width": slot("width"),
        "stakes": slot("stakes", " ".join(map(str, sorted(stake.pk for stake in practice.stakes.all())))),
        "language": slot("language", words.language),
        "reports": slot("reports"),
        "flags": slot("flags", " ".join(practice.flags)) if practice.flags else "",
    }
    return rendered(TEMPLATE, {"practice": practice, "words": words, "slot": slots})
