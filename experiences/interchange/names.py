"""What people call fields, facets and terms in their files, and what we call them.

A column may be headed `community-size`, “Community size” or “Members”, in either language and in any case;
a cell may say “Worked”, “It worked” or “Cela a marché”. What we call it comes first; a word that may mean
two things means none.
"""

import re
import unicodedata

from config.folding import letters_of
from experiences.models.report.parts import COMMAS

LANGUAGES = ("en", "fr")
# The texts of a report, by what people write above them.
HEADINGS = {
    "situation": (
        "situation", "la situation", "what we faced", "what i faced", "ce a quoi nous faisions face",
    ),
    "action": (
        "what we did", "what i did", "action", "actions", "ce que nous avons fait", "ce qu on a fait",
        "ce que l on a fait", "ce que j ai fait",
    ),
    "result": (
        "what happened", "result", "results", "the result", "the results", "ce qui s est passe", "resultat",
        "resultats", "le resultat", "les resultats",
    ),
    "lessons": (
        "lessons learned", "lessons learnt", "lessons", "lesson", "lesson learned", "what we learned",
        "what i learned", "what we would tell a colleague", "lecons", "les lecons", "lecons apprises",
        "lecons tirees", "enseignements", "les enseignements", "ce que nous en retenons",
        "ce qu on en retient", "ce que nous avons appris", "ce que j ai appris",
        "ce que nous dirions a un collegue",
    ),
    "unwanted": (
        "unwanted", "unwanted effects", "side effects", "what it did that nobody wanted",
        "effets indesirables", "effets non voulus", "ce que cela a fait que personne ne voulait",
    ),
    "enablers": ("enablers", "what helped", "ce qui a aide"),
    "constraints": (
        "constraints", "what could not be changed", "ce qui ne pouvait pas etre change",
        "what got in the way", "what stood in the way", "contraintes", "ce qui a gene",
        "ce qui a fait obstacle",
    ),
    "changeable": (
        "changeable", "what could have been changed", "what could have been changed at a cost",
        "ce qui aurait pu etre change", "ce qui aurait pu etre change a un certain cout",
    ),
    "comparison": (
        "comparison", "how we compared", "how it was compared", "comparaison", "comment nous avons compare",
        "comment la comparaison a ete faite",
    ),
}  # fmt: skip
# “1.”, “2)”, “IV –”, “a.”, “1.2”, “Part 3:”, a keycap; each perhaps behind a picture or a mark of
# Markdown.
_NUMBER = re.compile(
    r"[\W_]*(?:(?:part|partie|section|step|étape|etape)[\W_]+)?"
    r"(?:\d+[\W_]+|[ivx]+(?=[\W_]{,2}[.):–—-])[\W_]+|[a-z](?=[.)])[\W_]+)+(?=[^\W_])",
    re.IGNORECASE,
)
LONGEST_HEADING = 200  # characters: a longer line is a sentence


def unnumbered(heading):
    """Return `heading` without the number before it."""
    composed = unicodedata.normalize("NFC", heading)
    found = _NUMBER.match(composed)
    return composed[found.end() :] if found else composed


FIELD_OF_HEADING = {letters_of(heading): name for name, headings in HEADINGS.items() for heading in headings}


def field_of_heading(heading):
    """Return which text of a report `heading` stands above, or None."""
    if len(heading) > LONGEST_HEADING:
        return None
    return FIELD_OF_HEADING.get(letters_of(heading)) or FIELD_OF_HEADING.get(letters_of(unnumbered(heading)))


class Names:
    """The names that keys, columns and values of a file may have, for those who read it and who take it."""

    def __init__(self, fields, facets, *, labels=(), values=None, needed=(), theirs=None, given=()):
        """`labels` are (name of ours, what it is called) pairs; `values` is {name: [(slug, label), …]}.

        `theirs` is {name that --map reads otherwise: as what}, `needed` are those no record does without,
        and `given` those that --set fills.
        """
        self.fields, self.facets, self.theirs = set(fields), set(facets), theirs or {}
        self.needed, self.given = list(needed), set(given)
        exact = [*self.fields, *self.facets, *self.theirs]
        self._names = _unique([(letters_of(label), name) for name, label in labels])
        self._names |= _unique([(letters_of(name), name) for name in exact])
        self._values = {
            name: _unique((letters_of(label), slug) for slug, label in rows)
            | _unique((letters_of(slug), slug) for slug, _label in rows)
            | {slug: slug for slug, _label in rows}
            for name, rows in (values or {}).items()
        }

    def ours(self, text):
        """Return what we call `text`; what we do not know, as it is without outer white space."""
        plain = text.strip()
        if plain in self.theirs or plain in self.fields or plain in self.facets:
            return plain
        return self._names.get(letters_of(plain), plain)

    def knows(self, name):
        return name in self.theirs or name in self.fields or name in self.facets

    def lacking(self, present):
        """Return what no record under the names `present` could have, of what is needed."""
        there = {self.theirs.get(name, name) for name in present} | self.given
        return [name for name in self.needed if name not in there]

    def slug(self, name, text):
        """Return which value of the closed list `name` is called `text`; `text` itself, if none is."""
        known = self._values.get(name, {})
        plain = text.strip()
        return known.get(plain) or known.get(letters_of(plain)) or text

    def slugs(self, name, texts):
        """Return the values that are called `texts`; commas may stand between two, or within one."""
        found = []
        for text in texts:
            slug = self.slug(name, text)
            if name in self._values and slug not in self._values[name]:
                found += [self.slug(name, part) for part in COMMAS.split(text) if part.strip()]
            else:
                found.append(slug)
        return found

    def is_closed(self, name):
        return name in self._values


def _unique(pairs):
    """Return {key: name} of those keys that mean one thing."""
    found = {}
    for text, name in pairs:
        if text:
            found.setdefault(text, set()).add(name)
    return {text: next(iter(names)) for text, names in found.items() if len(names) == 1}
