"""Two texts compared word by word."""

import re
from difflib import SequenceMatcher

from experiences.text import markdown

MOST_PAIRS = 25_000_000  # Words to compare with words: what repeats itself costs minutes beyond.


def diff_words(old, new):
    """Return [(kind, text)] from `old` to `new`; kind is "same", "del" or "ins".

    Word by word around what both begin and end with; line by line where too many words differ. White
    space told otherwise is no difference.
    """
    before, after = (re.findall(r"\S+\s*", text) for text in (old, new))
    first = _shared(before, after)
    begun, before, after = after[:first], before[first:], after[first:]
    last = _shared(before[::-1], after[::-1])
    ended = after[len(after) - last :]
    changed = _pieces(before[: len(before) - last], after[: len(after) - last])
    pieces = [("same", "".join(begun)), *changed, ("same", "".join(ended))]
    return [(kind, text) for kind, text in pieces if text]


def diff_pages(old, new):
    """Return diff_words() of two Markdown texts as readers read them; [] if only the layout differs."""
    pieces = diff_words(*markdown.read_alike(old, new))
    return pieces if any(kind != "same" for kind, _text in pieces) else []


def diff_lines(old, new):
    """Return the same as diff_words(), each line whole: for names, which are one thing each."""
    pieces = _matched(*(text.splitlines(keepends=True) for text in (old, new)))
    return [(kind, text) for kind, text in pieces if text]


def _shared(before, after):
    """Return how many words both begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    different = (at for at, (one, other) in pairs if one.rstrip() != other.rstrip())
    return next(different, min(len(before), len(after)))


def _pieces(before, after):
    for split in (lambda words: words, lambda words: "".join(words).splitlines(keepends=True)):
        old, new = split(before), split(after)
        if len(old) * len(new) <= MOST_PAIRS:
            return _matched(old, new)
    return [("del", "".join(before)), ("ins", "".join(after))]


def _matched(before, after):
    pieces = []
    words = ([word.rstrip() for word in text] for text in (before, after))
    for change, i, j, k, m in SequenceMatcher(None, *words).get_opcodes():
        if change == "equal":
            pieces.append(("same", "".join(after[k:m])))
            continue
        pieces += [("del", "".join(before[i:j])), ("ins", "".join(after[k:m]))]
    return pieces
