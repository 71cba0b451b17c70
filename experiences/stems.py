"""Words as search compares them: stemmed in English or French first, accents folded after.

Neither database stems both languages, so Python does it for both, and for marking snippets;
the same words then give the same hits on SQLite and PostgreSQL.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

# Words that carry no matter of their own: a question is found by its other words.
EMPTY = frozenset(
    ["a", "about", "after", "all", "an", "and", "any", "are", "as", "at", "be", "been", "before", "being", "but", "by", "can", "could", "did", "do", "does", "for", "from", "get", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "out", "should", "so", "some", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to", "too", "up", "us", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "would", "you", "your", "ai", "ait", "alors", "après", "as", "au", "aucun", "aussi", "autre", "aux", "avant", "avec", "avez", "avoir", "avons", "c", "ce", "ceci", "cela", "ces", "cet", "cette", "ceux", "chez", "comme", "comment", "d", "dans", "de", "des", "donc", "dont", "du", "elle", "elles", "en", "entre", "est", "et", "eu", "été", "être", "fait", "faire", "faut", "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lors", "lui", "là", "m", "ma", "mais", "me", "mes", "moi", "mon", "même", "n", "ne", "nos", "notre", "nous", "on", "ont", "ou", "où", "par", "pas", "pendant", "peut", "plus", "pour", "pourquoi", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi", "s", "sa", "sans", "se", "ses", "si", "son", "sont", "sous", "sur", "t", "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes", "très", "tu", "un", "une", "vos", "votre", "vous", "y", "à"]
)
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
