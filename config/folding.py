"""The one fold: texts that look the same, or that people write for the same, compare as the same.

Case, accents, letters that Unicode does not take apart (ł ø đ ı þ ð ħ œ æ), full-width forms, every dash,
apostrophe, quotation mark and blank are one; what nobody sees (soft hyphens, zero-width characters) is
nothing. Each place of a folded text leads back to the text it was made of.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cached_property
from html import unescape
from itertools import accumulate

# Letters that Unicode does not take apart, in small letters; and the dotless i that Turkish writes for I.
WHOLE_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "œ": "oe", "æ": "ae", "ŧ": "t",
    "ŋ": "n", "ĸ": "k", "ɖ": "d", "ɫ": "l", "ƀ": "b", "ǥ": "g",
}  # fmt: skip
APOSTROPHES = "'’‘‚‛´ʼʻʽʾʿˈ′ꞌ＇"
QUOTES = '"“”„‟«»″＂'
HYPHENS = "\u2212\u2043\u02d7\u30fc"  # A minus, and others that Unicode does not call dashes.
# Marks on letters of the alphabets of Europe; the vowel signs of others are letters there, and stay.
MARKS = ("\u0300", "\u036f"), ("\u1ab0", "\u1aff"), ("\u1dc0", "\u1dff"), ("\u20d0", "\u20ff")
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2065\u180b\u180c\u180d\u180f\u3164\uffa0\u2800"
# Variation selectors, tags, and what Unicode keeps apart for more of them or will never give out. Other
# characters that Python does not know may be pictures of a later Unicode, and are seen.
HIDDEN = ("\ufe00", "\ufe0f"), ("\U000e0000", "\U000e0fff"), ("\ufff0", "\ufff8"), ("\ufdd0", "\ufdef")


def is_invisible(character):
    """Whether nobody sees `character`, blanks aside: zero-width, soft hyphen, selector, control."""
    if character.isspace():
        return False
    hidden = unicodedata.category(character) in ("Cf", "Cc") or character in FILLERS
    is_none = ord(character) & 0xFFFE == 0xFFFE  # The last two of each plane.
    return hidden or is_none or any(first <= character <= last for first, last in HIDDEN)


# An entity, a backslash that escapes what follows, or one character with its marks.
_PIECE = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});|\\(?=[!-/:-@\[-`{-~])|.[\u0300-\u036f]*", re.DOTALL
)
# What may stand within a word without parting it, as a regular expression.
WITHIN = (
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)


def is_mark(character):
    return any(first <= character <= last for first, last in MARKS)


def _folded(character, case):
    """Return what one character is folded to; in small letters where `case` does not matter."""
    if is_invisible(character):
        return ""
    if character.isspace():
        return " "
    spread = unicodedata.normalize("NFKD", character.casefold() if not case else character)
    plain = "".join(_plain(one, case) for one in spread)
    return unicodedata.normalize("NFC", plain) if case else plain


def _plain(character, case):
    if is_mark(character):
        return character if case else ""
    if character in APOSTROPHES:
        return "'"
    if character in QUOTES:
        return '"'
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Pd" or character in HYPHENS:
        return "-"
    return character if case else WHOLE_LETTERS.get(character, character)


class _Table(dict):
    """What each character folds to, found out when it is first met."""

    def __init__(self, case):
        super().__init__()
        self.case = case

    def __missing__(self, code):
        self[code] = found = _folded(chr(code), self.case)
        return found


_TABLE, _LOOKS = _Table(case=False), _Table(case=True)


def fold(text):
    """Return `text` folded: see the head of this module."""
    return text.translate(_TABLE)


def letters_of(text):
    """Return the letters and digits of the fold of `text`."""
    return "".join(character for character in fold(text) if character.isalnum())


def looks(text):
    """Return `text` as the eye takes it: case and accents stay, the ways to write them are one."""
    return unicodedata.normalize("NFC", text).translate(_LOOKS)


def is_blank(text):
    """Whether nothing of `text` can be seen."""
    return all(one.isspace() or is_invisible(one) for one in text)


class Folded:
    """A text and its fold; places in `folded` lead back to places in `text`.

    With `case`, case and accents stay (see looks()). With `markdown`, what Markdown escapes or writes as an
    entity (`\\_`, `&eacute;`) is folded as readers see it.
    """

    def __init__(self, text, *, case=False, markdown=False):
        self.text, self._table = text, _LOOKS if case else _TABLE
        is_source = markdown and ("\\" in text or "&" in text)
        self._in_pieces = is_source or (case and not unicodedata.is_normalized("NFC", text))
        if self._in_pieces:
            self._pieces = [(found.start(), self._of(found.group())) for found in _PIECE.finditer(self.text)]
            self.folded = "".join(folded for _start, folded in self._pieces)
        else:
            self.folded = self.text.translate(self._table)

    def _of(self, piece):
        if piece == "\\":
            return ""
        return unicodedata.normalize("NFC", unescape(piece)).translate(self._table)

    @cached_property
    def _places(self):
        """Where each piece starts in the text, and where its fold ends."""
        if not self._in_pieces:
            lengths = (len(self._table[ord(character)]) for character in self.text)
            return range(len(self.text)), list(accumulate(lengths))
        starts = [start for start, _folded in self._pieces]
        return starts, list(accumulate(len(folded) for _start, folded in self._pieces))

    def span(self, start, end):
        """Return (start, end) in `text` of `folded[start:end]`, which is not empty: whole characters, marks
        included.
        """
        if self.text == self.folded:
            return start, end
        starts, ends = self._places
        first, last = bisect_right(ends, start), bisect_left(ends, end) + 1
        stop = starts[last] if last < len(starts) else len(self.text)
        while stop < len(self.text) and is_mark(self.text[stop]):
            stop += 1
        return starts[first], stop

    def find_all(self, pattern):
        """Yield (match, start, end) for each match of `pattern`, a regular expression, in the fold."""
        for match in pattern.finditer(self.folded):
            yield (match, *self.span(*match.span()))


def slug_of(text, longest):
    """Return `text` as part of an address: plain letters and digits, hyphens between, whole words if it must
    be cut to `longest` characters; "" if it has no such letter.
    """
    slug = re.sub("[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(slug) > longest:
        slug = slug[: longest + 1].rpartition("-")[0] or slug[:longest]
    return slug


# --- Texts as they are kept ------------------------------------------------------------------------

# What no page shows and no feed may hold.
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS, HOLDING = re.compile(r"\s+"), ("\u00a0", "\u202f")


def as_line(text):
    """Return `text` as a line is kept: composed (NFC), one blank at a time; "" if nothing can be seen.

    A blank that holds words together stays as it is where it is alone: the French write it before some marks.
    """
    return _BLANKS.sub(lambda found: found[0] if found[0] in HOLDING else " ", as_prose(text))


_HELD_OR_BLANK = re.compile(r"\s*([\u00a0\u202f])\s*|\s+")


def in_one_line(text):
    """Return `text` of several lines in one, one blank at a time; those that hold words together stay."""
    return _HELD_OR_BLANK.sub(lambda found: found[1] or " ", text).strip()


def as_prose(text):
    """Return `text` as prose is kept: composed (NFC), one kind of line end, no controls and no blanks around
    it; "" if nothing can be seen. NUL stays, for those who refuse it in words.

    Controls go first: without them, what stood apart may be composed, and a blank may be the last.
    """
    plain = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", _CONTROLS.sub("", text))).strip()
    return "" if is_blank(plain) and "\0" not in plain else plain
