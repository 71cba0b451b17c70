"""A report as a card, rendered once for all readers.

What is said in a reader's language, or is for one reader alone, is left open: a slot is a comment of HTML,
`<!--verdict worked-->`, which no text of an author can be, as theirs are escaped. `fill()` fills them.
"""

import re
from functools import cache, partial

from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import mark_safe

SHOWN_CONTEXTS = ("audience", "kind", "community-size")
BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
PLACE = re.compile(r"<!--of-report ([a-z-]+)-->")
SLOT = re.compile(r"<!--(/?[a-z]+) ?([^>]*?)-->")


def slot(name, value=""):
    return mark_safe(f"<!--{name} {value}-->")


def card_of(report, excerpt):
    """Return the card of `report`, which shows its `excerpt`, with slots."""
    shown = report.shown_contexts()
    contexts = [
        context.pk for facet in SHOWN_CONTEXTS for context in shown.get(facet, []) if context.is_known
    ]
    happened = report.happened_on
    told = {
        "language": report.language,
        "address": report.get_absolute_url(),
        "title": escape(report.title),
        "excerpt": escape(excerpt),
        "verdict": slot("verdict", report.verdict),
        "nature": slot("nature", report.nature) if report.nature != report.Nature.TRIED else "",
        "in-language": slot("language", report.language),
        "stakes": slot("stakes", " ".join(map(str, sorted(stake.pk for stake in report.stakes.all())))),
        "contexts": slot("contexts", " ".join(map(str, contexts))) if contexts else "",
        "month": slot("month", f"{happened:%Y-%m}") if happened else "",
        "strength": slot("strength", report.strength),
    }
    text, *parts = frame()
    filled = (told[name] + after for name, after in zip(parts[::2], parts[1::2], strict=True))
    return text + "".join(filled)


@cache
def frame():
    """Return what the cards of all reports share, rendered once: text, the name of what a report has there,
    text, and so on.
    """
    place = partial(slot, "of-report")
    report = {
        "language": place("language"),
        "get_absolute_url": place("address"),
        "title": place("title"),
        "excerpt": place("excerpt"),
    }
    slots = {
        name: place(name) for name in ("verdict", "nature", "stakes", "contexts", "month", "strength")
    } | {
        "language": place("in-language"),
        "byline": slot("byline"),
        "alike": slot("alike"),
        "title": (slot("title"), slot("/title")),
        "snippet": (slot("snippet"), slot("/snippet")),
    }
    return PLACE.split(rendered("components/report_card.html", {"report": report, "slot": slots}))


def rendered(template, context):
    """Return the card that `template` makes of `context`, without the blanks between its tags."""
    return BETWEEN_TAGS.sub("><", get_template(template).template.render(Context(context)))


def without(card, part):
    """Return `card` without what is between each two slots of the `part`, and without these."""
    return re.sub(rf"<!--{part} -->.*?<!--/{part} -->", "", card, flags=re.DOTALL)


def fill(card, words, title="", snippet=""):
    """Return `card` with `words(name, value)` in place of each slot; `title` and `snippet`, safe HTML, in
    place of its own if given.
    """
    for name, text in (("title", title), ("snippet", snippet)):
        if text:
            start, end = f"<!--{name} -->", f"<!--/{name} -->"
            head, rest = card.split(start, 1)
            card = head + text + rest.split(end, 1)[1]
    return mark_safe(SLOT.sub(lambda found: words(found[1], found[2]), card))
