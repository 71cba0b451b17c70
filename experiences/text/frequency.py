"""How common words are in English and French at large, which is known before any report is read."""

from functools import cache
from math import log
from pathlib import Path

from experiences.text.stemming import STOP_WORDS, STOP_WORDS_OF, stem
from experiences.text.word_list import word_list

LISTED = 3000  # words of each language, the most frequent first
UNLISTED = 3 * LISTED  # the rank of all other words
EVERYDAY = 2000  # Words up to this rank tell no subject: “week”, “found”, “comptait”.
# By Zipf's law the word of rank r is one in ten r; a text of some 300 words then has it so often.
OFTEN = 30


@cache
def _ranks(language):
    """Return {stem: the rank of its most frequent word}."""
    ranks = {stem(word, language): 1 for word in STOP_WORDS}
    frequent = word_list(Path(__file__).with_name(f"frequent_words_{language}.txt"))
    for rank, word in enumerate(frequent, 1):
        ranks.setdefault(stem(word, language), rank)
    return ranks


def expected_share(one, language):
    """Return what share of texts of a few hundred words has the stem `one`: 0.003 to 1."""
    rank = _ranks(language).get(one, UNLISTED)
    return min(1, OFTEN / rank)


@cache
def rarities(language):
    """Return {stem: how rare it is} of the listed words of `language`, and how rare all others are."""
    return {one: -log(expected_share(one, language)) for one in _ranks(language)}, -log(OFTEN / (UNLISTED))


def is_listed(one, language):
    """Whether the stem `one` is of one of the listed words of `language`, or of its stop words."""
    return one in _ranks(language)


def is_everyday(one, language):
    """Whether the stem `one` is of a word that everybody writes, whatever they tell of."""
    return _ranks(language).get(one, LISTED) <= EVERYDAY


def share_of_word(word):
    """Return what share of texts at large has `word`: in the language that has it in more."""
    return max(expected_share(stem(word, code), code) for code in STOP_WORDS_OF)


def languages_of_word(word):
    """Return the languages of whose listed words `word` is one, in any of its forms."""
    return [code for code in STOP_WORDS_OF if is_listed(stem(word, code), code)]
