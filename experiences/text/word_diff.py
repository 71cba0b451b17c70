"""Two texts compared word by word."""

import re
from difflib import SequenceMatcher

MOST_PAIRS = 25_000_000  # Words to compare with words: what repeats itself costs minutes beyond.


def diff_words(old, new):
    """Return [(kind, text)] from `old` to `new`; kind is "same", "del" or "ins".

    Word by word around what both begin and end with; line by line where too many words differ.
    """
    before, after = (re.findall(r"\S+\s*", text) for text in (old, new))
    first = _shared(before, after)
    begun, before, after = before[:first], before[first:], after[first:]
    last = len(before) - _shared(before[::-1], after[::-1])
    ended = before[last:]
    changed = _pieces(before[:last], after[: len(after) - len(ended)])
    pieces = [("same", "".join(begun)), *changed, ("same", "".join(ended))]
    return [(kind, text) for kind, text in pieces if text]


def diff_lines(old, new):
    """Return the same as diff_words(), each line whole: for names, which are one thing each."""
    pieces = _matched(*(text.splitlines(keepends=True) for text in (old, new)))
    return [(kind, text) for kind, text in pieces if text]


def _shared(before, after):
    """Return how many words both begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))


def _pieces(before, after):
    for split in (lambda words: words, lambda words: "".join(words).splitlines(keepends=True)):
        old, new = split(before), split(after)
        if len(old) * len(new) <= MOST_PAIRS:
            return _matched(old, new)
    return [("del", "".join(before)), ("ins", "".join(after))]


def _matched(before, after):
    pieces = []
    for change, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if change == "equal":
            pieces.append(("same", "".join(before[i:j])))
            continue
        pieces += [("del", "".join(before[i:j])), ("ins", "".join(after[k:m]))]
    return pieces
