"""Words as search compares them: stemmed in English or French first, accents folded after.

Neither database stems both languages, so Python does it for both, and for marking snippets;
the same words then give the same hits on SQLite and PostgreSQL.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_STEMMERS = {"en": snowballstemmer.stemmer("english"), "fr": snowballstemmer.stemmer("french")}


def words(text):
    """Yield (word, start, end) for each word of `text`; an apostrophe ends a word."""
    for match in _WORD.finditer(text):
        yield match.group(), match.start(), match.end()


def fold(word):
    """Return `word` in small letters, without accents or typographic variants."""
    spread = unicodedata.normalize("NFKD", word.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in spread if letter.isalnum() and letter.isascii()) or spread


@lru_cache(maxsize=50_000)
def stem(word, language):
    """Return the folded stem of one word in "en" or "fr"."""
    composed = unicodedata.normalize("NFC", word.casefold())
    return fold(_STEMMERS[language].stemWord(composed))


def stems(text, language):
    """Return the stems of `text`, in order, as one string the databases can split at spaces."""
    return " ".join(stem(word, language) for word, _start, _end in words(text))
