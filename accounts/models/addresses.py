"""E-mail addresses: those that mails reach."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def validate_deliverable(email):
    """Refuse an address that no mail reaches: where case is ignored, İ passes for another letter."""
    name, _at, domain = email.rpartition("@")
    if not name.isascii() or not is_domain(domain):
        raise ValidationError(
            _("No e-mail reaches this address: write it with plain letters, without accents."),
            code="undeliverable",
        )


def is_domain(name):
    """Whether mails find their way to `name`, which may hold letters of any script (RFC 3490)."""
    try:
        return name.isascii() or name.encode("idna").decode("idna") == name
    except UnicodeError:
        return False
