"""The words of a text that carry its matter, by which it is told whether two texts are near."""

from functools import lru_cache

from experiences.text.prose import prose
from experiences.text.stemming import STOP_WORDS, bare_words, stem


def carries_matter(word):
    return len(word) > 1 and not word.isdecimal() and word.casefold() not in STOP_WORDS


def telling_stems(text, language):
    """Return the stem of each word of `text` that carries matter."""
    return [one for word in bare_words(prose(text)) if (one := _telling_stem(word, language))]


@lru_cache(maxsize=50_000)
def _telling_stem(word, language):
    return stem(word, language) if carries_matter(word) else ""
