"""In which language a few words are typed."""

from experiences.text.frequency import is_listed
from experiences.text.stemming import bare_words, stem

LANGUAGES = ("en", "fr")


def language_of(text, otherwise):
    """Return the language that more of the words of `text` are known in; `otherwise` where none is."""
    known = {code: sum(is_listed(stem(word, code), code) for word in bare_words(text)) for code in LANGUAGES}
    best = max(LANGUAGES, key=known.get)
    return best if known[best] > min(known.values()) else otherwise
