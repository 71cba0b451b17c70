"""How the time to read a hostile text grows with its length: eight times the text, about eight times the time.

Run by hand: `.venv/bin/python bench/lengths.py`. It prints the ratio for each way of reading and each
piece the text is made of, and exits with 1 where one is more than STEEPEST and is FELT.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from experiences.comparing import words_between  # noqa: E402
from experiences.identifying import clues  # noqa: E402
from experiences.prose import render  # noqa: E402
from practices.models.claim import folded  # noqa: E402

SHORT, TIMES, TRIES = 10_000, 8, 3  # characters; as long as a field may be; of which the quickest counts
STEEPEST, FELT = 3 * TIMES, 0.1  # as much longer; in seconds: who waits less does not notice
PIECES = [
    "a", "A", "Aa ", "Marie ", "Marie de ", "M. ", "N.O.", "O'", "A-", "a@", "@a@b.", "a.", "+1", "0 ", "1-",
    "(at)", "`", "```", "<a ", "](", "http://", "linkedin.com/in/", "x.com/", "d'", "\u00a0", "É", "e\u0301", "😀",
    " ", "« ", "> ", "* ", "[a][", "{{", "&lt;",
]  # fmt: skip
OWN = {"organisation": "Northfield Office of Nations (NOON)", "author": "Marie O’Brien"}
WAYS = {
    "what identifies": lambda text: clues.point_out(text, "fr", **OWN),
    "an excerpt folded": folded,
    "shown as a page": render,
    "compared": lambda text: words_between(text, text[1:] + " end"),
}


def seconds(read, text):
    began = time.process_time()
    read(text)
    return time.process_time() - began


def growth(read, piece):
    """Return how many times as long the longer text took, and the seconds it took."""
    short, long = ((piece * length)[:length] for length in (SHORT, TIMES * SHORT))
    quick, slow = (min(seconds(read, text) for _try in range(TRIES)) for text in (short, long))
    return slow / max(quick, 0.001), slow


def main():
    steep = []
    for name, read in WAYS.items():
        for piece in PIECES:
            ratio, slow = growth(read, piece)
            print(f"{name:18} {piece!r:20} x{ratio:5.1f} {slow:6.2f} s")
            if ratio > STEEPEST and slow > FELT:
                steep.append((name, piece))
    print("Steep:", steep or "none")
    return bool(steep)


if __name__ == "__main__":
    sys.exit(main())
