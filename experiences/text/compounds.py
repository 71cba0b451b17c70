"""Compounds: what some write with a hyphen, others as one word, such as “e-mail” and “email”."""

import re
import unicodedata

from config.folding import HYPHENS

_DASHES = "".join(chr(code) for code in range(0x2010, 0x2012)) + HYPHENS + "-"
_HAS_DASH = re.compile(rf"\w[{_DASHES}]\w")
_COMPOUND = re.compile(rf"[^\W_]+(?:[{_DASHES}][^\W_]+)+")
LONGEST = 4  # parts: more are no word


def joined(text):
    """Return each compound of `text` as one word, in order."""
    if not _HAS_DASH.search(text):
        return []
    parts = (re.split(f"[{_DASHES}]", one) for one in _COMPOUND.findall(unicodedata.normalize("NFC", text)))
    return ["".join(some) for some in parts if len(some) <= LONGEST]
