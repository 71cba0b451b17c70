"""Words taken out of what people wrote: `[withheld]` stands where they stood."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from django.db import models

from experiences.models.fields import Line

MASK = "[withheld]"
# Where a link leads that held such words: another address on its site might be someone else's.
NOWHERE = "https://withheld.invalid/"  # RFC 2606: it never resolves
# Keys of a telling (see Told.telling) whose values are terms and months, not words.
TERMS = {
    "language", "started_on", "ended_on", "verdict", "follow_up_on", "identity", "effort", "stakes", "contexts",
    "effect", "direction", "visibility",
}  # fmt: skip
ALIKE = {"'": "['’‘]", "’": "['’‘]", "‘": "['’‘]", '"': '["“”«»]', "“": '["“”«»]', "”": '["“”«»]'}
BETWEEN = r"[\s*_-]+"  # White space and hyphens, and the marks of Markdown around one of the words.


@dataclass
class Change:
    """What one column of a row said and will say; `texts` are the (before, after) inside it."""

    row: models.Model
    column: str
    after: object
    texts: list


class Masking:
    """Takes passages out of texts, whatever their case; `whole`: only where they stand as whole words."""

    def __init__(self, *passages, whole=False):
        longest_first = sorted(passages, key=len, reverse=True)
        either = "|".join(pattern(one, whole) for one in longest_first)
        # What is withheld already is passed over: nobody can withhold the word “withheld”.
        self.pattern = re.compile(f"{re.escape(MASK)}|(?P<passage>{either})", re.IGNORECASE)

    def hits(self, text):
        """Return [(start, end)] of the passages in `text`."""
        return [found.span() for found in self.pattern.finditer(text) if found["passage"]]

    def text(self, text):
        return self.pattern.sub(MASK, text)

    def link(self, url):
        return NOWHERE if self.hits(unquote(url)) or self.hits(url) else url

    def value(self, value, texts, key=""):
        """Return `value`, a text or what JSON holds, without the passages; add to `texts` what changed."""
        if key in TERMS:
            return value
        if isinstance(value, dict):
            return {name: self.value(one, texts, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.value(one, texts, key) for one in value]
        if not isinstance(value, str):
            return value
        after = self.link(value) if key == "url" else self.text(value)
        if after != value:
            texts.append((value, after))
        return after

    def changes(self, row, names=None):
        """Yield a Change for each column of `row` (of `names`) that people write and that holds a passage."""
        for column in row._meta.concrete_fields:
            if not is_written(column) or names and column.name not in names:
                continue
            texts = []
            key = "url" if isinstance(column, models.URLField) else ""
            after = self.value(getattr(row, column.attname), texts, key)
            if texts:
                yield Change(row, column.name, fitting(column, after), texts)


def is_written(column):
    words = isinstance(column, Line | models.TextField | models.URLField | models.JSONField)
    return words and not column.choices


def fitting(column, value):
    """Return `value` no longer than `column` takes; the mask may be longer than the words."""
    return value[: column.max_length] if isinstance(value, str) else value


def pattern(passage, whole):
    """Return the regular expression that finds `passage`."""
    if not whole:
        return re.escape(passage)
    found = BETWEEN.join("".join(map(letter, word)) for word in re.split(r"[\s-]+", passage) if word)
    # An underscore is a mark of Markdown here, not a letter.
    before = r"(?<![^\W_])" if passage[0].isalnum() else ""
    after = r"(?![^\W_])" if passage[-1].isalnum() else ""
    return before + found + after


def letter(one):
    if one in ALIKE:
        return ALIKE[one]
    return one if one.isalnum() else r"\\?" + re.escape(one)  # Markdown may escape it.


def mask(rows, masking):
    """Withhold the passages of `masking` in all that people wrote in `rows`; return the Changes."""
    made = []
    for row in rows:
        changes = list(masking.changes(row))
        for change in changes:
            setattr(row, change.column, change.after)
        if changes:
            row.save(update_fields=[change.column for change in changes])
        made += changes
    return made
