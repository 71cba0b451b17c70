"""Text as every database keeps it."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.folding import in_one_line

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
HANGING = " \u00a0\u202f,;:.–—-(«“"  # before what was cut off


def validate_storable(value):
    """Refuse NUL and lone surrogates, which PostgreSQL or UTF-8 cannot hold."""
    if UNSTORABLE.search(value):
        raise ValidationError(
            _("This text contains a character that cannot be stored. Remove it and try again."),
            code="invalid_character",
        )


def whole_number(text, most_digits=9):
    """Return untrusted `text` as a whole number from 0 of at most `most_digits` digits; None for anything
    else.
    """
    plain = text.isascii() and text.isdecimal() and len(text) <= most_digits
    return int(text) if plain else None


def cut_at_word(text, most):
    """Return `text` on one line of at most `most` characters: cut after a word, no sign left hanging; what a
    blank holds together is one word.
    """
    line = in_one_line(text)
    if len(line) <= most:
        return line
    words = line[: most + 1].rsplit(" ", 1)[0].rstrip(HANGING)
    if len(words) >= most:  # with no room for the sign that something is left out
        words = line[:most].rpartition(" ")[0].rstrip(HANGING) or line[: most - 1]
    return f"{words}…"
