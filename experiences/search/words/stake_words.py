"""The words by which stakes and contexts are called, in both languages."""

from collections import Counter

from experiences.models.vocabulary.cache import lists, made_once
from experiences.models.vocabulary.terms import search_terms
from experiences.models.vocabulary.words import LANGUAGES
from experiences.text.telling_words import telling_stems

MOST_STAKES = 3  # More that the same words mean say nothing of one.


def stakes_saying(stems):
    """Return {primary key of a stake: {stem: how often}}, of those of `stems` that it is called by."""
    shared = {
        pk: {one: called[one] for one in stems if one in called} for pk, called in _stems(lists()).items()
    }
    return {pk: some for pk, some in shared.items() if some}


def stakes_meaning(words):
    """Return the primary keys of the few stakes that are called or defined by all of `words`, each a set of
    stems any of which will do; none, where many are. One word alone has to be of what they are called.
    """
    stems = _stems(lists()) if len(words) > 1 else _names(lists())
    found = {pk for pk, called in stems.items() if words and all(some & called.keys() for some in words)}
    return found if len(found) <= MOST_STAKES else set()


@made_once
def _names(held):
    """Return {primary key: Counter of the stems of a stake's names and synonyms}."""
    called = {stake.pk: [] for stake in held.stakes}
    for stake in held.stakes:
        for code in LANGUAGES:
            called[stake.pk] += telling_stems("\n".join(stake.called_in(code)), code)
    return {pk: Counter(stems) for pk, stems in called.items()}


@made_once
def _stems(held):
    """Return {primary key: Counter of the stems of a stake's names, definitions and synonyms}."""
    return {
        stake.pk: Counter(
            one for language, text in search_terms([stake]) for one in telling_stems(text, language)
        )
        for stake in held.stakes
    }


@made_once
def stems_of_stakes(held):
    """Return the stems of the names of stakes, which say what it is about however common they are; not those
    of their synonyms, in which everyday words stand, too.
    """
    names = [(getattr(stake, f"name_{code}"), code) for stake in held.stakes for code in LANGUAGES]
    return frozenset(one for name, code in names for one in telling_stems(name, code))


@made_once
def stems_of_contexts(held):
    """Return the stems of all that contexts and facets are called, which says nothing new beside them."""
    named = [*held.contexts, *held.facets]
    return frozenset(
        stem
        for one in named
        for language in LANGUAGES
        for stem in telling_stems(getattr(one, f"name_{language}"), language)
    )
