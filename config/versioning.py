"""How a row changes: never over what nobody has read, never without what must be said."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from config.text import validate_storable

LONGEST_NOTE = 2000  # characters


class Conflict(ValidationError):
    """Someone changed the row between its reading and this writing; nothing was overwritten."""

    def __init__(self):
        super().__init__(
            _(
                "This was changed meanwhile, in another tab or by someone else. Nothing was "
                "overwritten: compare both and send yours again."
            ),
            code="stale",
        )


class Versioned(models.Model):
    """A row that counts its changes, so that nobody overwrites what they have not read."""

    version_column = "version"

    class Meta:
        abstract = True

    def compare_and_swap(self, **columns):
        """Write `columns` if nobody else has written since this row was read (compare and swap)."""
        name = self.version_column
        version = getattr(self, name)
        same = type(self).objects.filter(pk=self.pk, **{name: version})
        if not same.update(**{name: F(name) + 1}, **columns):
            raise Conflict
        for column, value in {name: version + 1, **columns}.items():
            setattr(self, column, value)

    def lock_unchanged(self):
        """Make others wait for this transaction to end; refuse if they wrote since this row was read."""
        same = {"pk": self.pk, self.version_column: getattr(self, self.version_column)}
        if not type(self).objects.select_for_update().filter(**same).values_list("pk").first():
            raise Conflict

    def refuse_if_missing(self):
        lacking = self.missing()
        if lacking:
            raise ValidationError(lacking)


def note_errors(note, needed=""):
    """Return {"note": ValidationError} for a sentence that is missing, too long or unstorable."""
    if needed and not note.strip():
        return {"note": ValidationError(needed, code="required")}
    try:
        validate_storable(note)
        MaxLengthValidator(LONGEST_NOTE)(note)
    except ValidationError as error:
        return {"note": error}
    return {}


def require_note(note, needed=""):
    """Raise the ValidationError of what note_errors() finds."""
    errors = note_errors(note, needed)
    if errors:
        raise ValidationError(errors)
