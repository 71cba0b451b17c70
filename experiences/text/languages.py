"""In which language a few words are typed."""

from experiences.text.frequency import is_listed
from experiences.text.stemming import STOP_WORDS_OF, bare_words, stem

TELLING = 3  # times as much as other words, words without matter tell their language


def language_of(text, otherwise):
    """Return the language that more of the words of `text` are known in; `otherwise` where none is."""
    words = [word.casefold() for word in bare_words(text)]
    known = {
        code: sum(TELLING * (word in idle) + is_listed(stem(word, code), code) for word in words)
        for code, idle in STOP_WORDS_OF.items()
    }
    best = max(known, key=known.get)
    return best if known[best] > min(known.values()) else otherwise
