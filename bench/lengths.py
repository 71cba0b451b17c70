"""How the time to read a hostile text grows with its length: eight times the text, about eight times the
time.

    .venv/bin/python -m bench.lengths

It prints the ratio for each way of reading and each piece the text is made of, and exits with 1 where
one is more than STEEPEST and is FELT.
"""

import os
import sys
import time
from contextlib import suppress

import django
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

SHORT, TIMES, TRIES = 10_000, 8, 3  # characters; as long as a field may be; of which the quickest counts
STEEPEST, FELT = 3 * TIMES, 0.1  # as much longer; in seconds: who waits less does not notice
PIECES = [
    "a", "A", "Aa ", "Marie ", "Marie de ", "M. ", "N.O.", "O'", "A-", "a@", "@a@b.", "a.", "+1", "0 ", "1-",
    "(at)", "`", "```", "<a ", "](", "http://", "linkedin.com/in/", "x.com/", "d'", "\u00a0", "É", "e\u0301",
    "😀",
    " ", "«", "« ", "> ", "* ", "[a][", "{{", "&lt;",
    "• a\n", "www.a!", "www.0,", "[a]: b\n", "![", "[a](/b) ", "1. a\n",
]  # fmt: skip
MARKS = ["](", "a.", "[a](", "x_", "<a ", "<", "/"]
NUMBERS = ["1", "1.", "1 ", "i. ", "a) ", "IV – ", "part 1 ", "# ", "- ", ".", " ", "1\u20e3"]
GUESSED = ["a", "ab", "a1", "0", "Aa ", "é", " ", "azertyuiopq"]
OWN = {"organisation": "Northfield Office of Nations (NOON)", "author": "Marie O’Brien"}


def ways():
    """Return {what is done: (a function of the text, the pieces of which the text is made)}."""
    from experiences.interchange.names import unnumbered
    from experiences.privacy import identifiers
    from experiences.text.markdown import render
    from experiences.text.prose import prose
    from experiences.text.word_diff import diff_pages, diff_words
    from practices.models.evidence import quote_key

    return {
        "what identifies": (lambda text: identifiers.point_out(text, "fr", **OWN), PIECES),
        "the key of a quote": (quote_key, PIECES),
        "shown as a page": (render, PIECES),
        "compared": (lambda text: diff_words(text, text[1:] + " end"), PIECES),
        "compared as read": (lambda text: diff_pages(text, text[1:] + " end"), PIECES),
        "compared, all new": (lambda text: diff_words(*strangers(len(text))), ["w"]),
        "its words": (prose, PIECES + MARKS),
        "a heading": (lambda text: unnumbered(f"{text}!"), NUMBERS),
        "a password": (lambda text: judge(f"{text}b"), GUESSED),
    }


def judge(password):
    with suppress(ValidationError):
        validate_password(password)


def strangers(length):
    """Return two texts of `length` characters that share few words, and those in another order."""
    return [" ".join(f"w{n * step % size}" for n in range(length // 4)) for step, size in ((1, 97), (7, 101))]


def seconds(read, text):
    began = time.process_time()
    read(text)
    return time.process_time() - began


def growth(read, piece):
    """Return how many times as long the longer text took, and the seconds that the slower one took."""
    short, long = ((piece * length)[:length] for length in (SHORT, TIMES * SHORT))
    quick = max(min(seconds(read, short) for _try in range(TRIES)), 0.001)
    slow = seconds(read, long)
    for _try in range(TRIES - 1):
        if not is_steep(slow / quick, slow):
            break  # It takes no more than what would be borne: no need to try again whether it takes less.
        slow = min(slow, seconds(read, long))
    return slow / quick, max(quick, slow)


def is_steep(ratio, slow):
    """Whether growth() is more than a reader would bear."""
    return ratio > STEEPEST and slow > FELT


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    steep = []
    for name, (read, pieces) in ways().items():
        for piece in pieces:
            ratio, slow = growth(read, piece)
            print(f"{name:18} {piece!r:20} x{ratio:5.1f} {slow:6.2f} s")
            if is_steep(ratio, slow):
                steep.append((name, piece))
    print("Steep:", steep or "none")
    return bool(steep)


if __name__ == "__main__":
    sys.exit(main())
