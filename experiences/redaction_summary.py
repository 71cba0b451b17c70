"""What a withholding of words takes out, for moderators alone: the words with what stands around them.

`original` is what a Redaction keeps of them.
"""

import re

from django.apps import apps
from django.utils.text import capfirst

from experiences.models import Experience
from experiences.models.redaction import MASK, Masking

AROUND = 60  # characters shown on either side
MOST_LONGER = 12  # longer words shown as examples


def summarise(redaction, text):
    """Return {passages, places, unfound, longer} of what withholding would change in what reads `text`."""
    original = redaction.original
    return {
        "passages": passages(original),
        "places": places(original),
        "unfound": unfound(original),
        "longer": longer(original, text),
    }


def kept_passages(redactions):
    """Return [(redaction, passages)] of words that were withheld and are still kept."""
    return [(redaction, passages(redaction.original)) for redaction in redactions]


def passages(original):
    """Return [(where it stood, pieces of experiences.text.word_diff)] for each text of an original."""
    masking = Masking(*original["passages"], whole=True)
    return [(label_of(model, column), pieces(text, masking)) for model, column, text in original["texts"]]


def pieces(text, masking):
    """Return the words that are taken out of `text`, and what stands around them."""
    found, at = [], 0
    for start, end in masking.hits(text):
        found += [("same", around(text[at:start], first=not at)), ("del", text[start:end]), ("ins", MASK)]
        at = end
    return [*found, ("same", around(text[at:], last=True))]


def around(text, *, first=False, last=False):
    """Return `text` less what is far from the words before and after it."""
    room = AROUND if first or last else 2 * AROUND
    if len(text) <= room:
        return text
    begun, ended = "" if first else text[:AROUND], "" if last else text[-AROUND:]
    return f"{begun}…{ended}"


def label_of(model, column):
    """Return where a text stood, as people say it."""
    model = apps.get_model(model)
    if model is Experience:
        return capfirst(model._meta.get_field(column).verbose_name)
    return capfirst(model._meta.verbose_name)


def places(original):
    """Return in how many places the words stand."""
    masking = Masking(*original["passages"], whole=True)
    return sum(len(masking.hits(text)) for _model, _column, text in original["texts"])


def unfound(original):
    """Return the passages that stand nowhere."""
    texts = [text for _model, _column, text in original["texts"]]
    each = {passage: Masking(passage, whole=True) for passage in original["passages"]}
    return [passage for passage, masking in each.items() if not any(map(masking.hits, texts))]


def longer(original, text):
    """Return the longer words of `text` that hold a passage, and stay."""
    rest = Masking(*original["passages"], whole=True).text(text)
    loose = Masking(*original["passages"])
    words = re.findall(r"\w+(?:['’-]\w+)*", rest)
    found = dict.fromkeys(word for word in words if loose.hits(word))
    return list(found)[:MOST_LONGER]
