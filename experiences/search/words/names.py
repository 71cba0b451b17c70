"""What words are names of: of words of the trade, which have equivalents in both languages, and of stakes."""

from dataclasses import dataclass, field

from experiences.models.vocabulary.cache import lists, made_once
from experiences.models.vocabulary.words import LANGUAGES
from experiences.search.words.query import Unit
from experiences.text.frequency import is_everyday
from experiences.text.stemming import STOP_WORDS

LONGEST = 5  # words of a name, but those that carry no matter


@dataclass
class Named:
    """What has a name: by what else it is called, and the stakes that it is."""

    groups: list = field(default_factory=list)  # of sets of (language, Unit), one for each that is called so
    stakes: set = field(default_factory=set)  # primary keys

    @property
    def names(self):
        return set().union(*self.groups)


def names():
    """Return {(language, stems of a name): Named} of the vocabulary as it is now."""
    return _names(lists())


@made_once
def _names(held):
    found = {}
    for entry in held.glossary:
        called = frozenset((code, Unit.of(name)) for code in LANGUAGES for name in entry.called_in(code))
        for key in {key_of(unit, code) for code, unit in called}:
            found.setdefault(key, Named()).groups.append(called)
    for stake in held.stakes:
        for code in LANGUAGES:
            for name in stake.called_in(code):
                found.setdefault(key_of(Unit.of(name), code), Named()).stakes.add(stake.pk)
    return {key: named for key, named in found.items() if key is not None}


def key_of(unit, language):
    """Return what tells a name from others: its stems but those of words that carry no matter; None where
    what is left is no name: one everyday word (“track”), or what else the name rests on (“in-group”).
    """
    kept = Unit(tuple(word for word in unit.words if word.casefold() not in STOP_WORDS))
    stems = kept.stems(language)
    if len(stems) == 1 and (len(unit.words) > 1 or is_everyday(stems[0], language)):
        return None
    return (language, stems) if 0 < len(stems) <= LONGEST else None


def names_in(words):
    """Yield (first, last, Named) for each run of `words` that is a name, in either language: words that carry
    matter, in order.
    """
    known = names()
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + LONGEST) + 1):
            unit = Unit(tuple(words[first:last]))
            for language in LANGUAGES:
                named = known.get((language, unit.stems(language)))
                if named:
                    yield first, last, named
