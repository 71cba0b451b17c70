"""Words as search compares them: stemmed in English or French first, accents folded after.

Neither database stems both languages, so Python does it for both, and for marking snippets;
the same words then give the same hits on SQLite and PostgreSQL.
"""

import re
import threading
from functools import lru_cache
from pathlib import Path

from Stemmer import Stemmer

from config import folding
from experiences.text.word_list import word_list

# Words that carry no matter of their own: a question is found by its other words.
STOP_WORDS_OF = {
    language: frozenset(word_list(Path(__file__).with_name(f"stop_words_{language}.txt")))
    for language in ("en", "fr")
}
STOP_WORDS = frozenset().union(*STOP_WORDS_OF.values())
LONGEST_WORD = 64  # Letters that tell words apart; PostgreSQL cannot index a word of 2 KB.
# What nobody sees and the marks of accents part no word.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|{folding.WITHIN})*")


class _Stemmers(threading.local):
    """The Snowball stemmer of each language; each thread has its own, as one can serve only one at a time."""

    def __init__(self):
        # None keeps its results: stem() does.
        self.of = {"en": Stemmer("english", 0), "fr": Stemmer("french", 0)}


_stemmers = _Stemmers()


def words(text):
    """Yield (word, start, end) for each word of `text`; an apostrophe ends a word, a long one is cut."""
    for match in _WORD.finditer(text):
        yield match.group()[:LONGEST_WORD], match.start(), match.end()


def bare_words(text):
    """Return the words of `text`, as words() has them, without their places: in half of the time or less."""
    found = []
    for part in text.split():
        found += [part] if part.isalnum() else _WORD.findall(part)
    return [word[:LONGEST_WORD] for word in found]


def fold(word):
    """Return `word` in small letters, without accents or typographic variants."""
    letters = folding.letters_of(word) or word.casefold()
    return letters[:LONGEST_WORD]  # Folding makes eighteen letters of some.


@lru_cache(maxsize=50_000)
def stem(word, language):
    """Return the folded stem of one word in "en" or "fr"."""
    return _stem(folding.looks(word).casefold(), language)


@lru_cache(maxsize=50_000)  # At the beginning of a sentence, a word is another.
def _stem(word, language):
    return fold(_stemmers.of[language].stemWord(word))


def stems(text, language):
    """Return the stems of `text`, in order, as one string the databases can split at spaces."""
    return " ".join([stem(word, language) for word in bare_words(text)])
