"""What left: enough to know it again when a file brings it once more, and nothing else.

When a report is erased, or loses what ties it to where it came from, its identifiers are forgotten; a
second run of the import that brought it would then bring it back, or double it. So a keyed hash of each
is kept: without a date, a title, or a way to the row that may be left.

The key is drawn at random and lies in the database, not in the settings: a key made of SECRET_KEY would
change with it, and one in a file would be missing from a backup; each time all that was erased would come
back without a word. Whoever reads the whole database can therefore try guesses, and learns of a right one
only that something with this identifier was here.
"""

import hashlib
import hmac
import secrets
import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartureKey(models.Model):
    """The one key of the hashes, made when the first of them is."""

    key = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("key of what left")
        verbose_name_plural = _("keys of what left")

    def __str__(self):
        return str(self._meta.verbose_name)  # Never the key.

    @classmethod
    def made(cls):
        """Return the key, making it if there is none."""
        return cls.objects.get_or_create(pk=1, defaults={"key": secrets.token_hex(32)})[0].key

    @classmethod
    def current(cls):
        """Return the key, or "" where nothing has left yet."""
        return cls.objects.values_list("key", flat=True).first() or ""


class DepartureQuerySet(models.QuerySet):
    def note(self, *identifiers):
        """Remember that what has these identifiers left; inside the transaction in which it does."""
        known = sorted({one for one in identifiers if one})
        if known:
            key = DepartureKey.made()
            digests = sorted(digest(key, one) for one in known)  # In one order everywhere: no deadlock.
            self.bulk_create([self.model(digest=one) for one in digests], ignore_conflicts=True)

    def knows(self, identifier, key=None):
        """Whether something with this identifier left; `key` spares reading it for each."""
        key = key or DepartureKey.current()
        return bool(key) and self.filter(digest=digest(key, identifier)).exists()


class Departure(models.Model):
    """A keyed hash of one identifier of what left."""

    digest = models.CharField(max_length=64, unique=True, editable=False)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("what left")
        verbose_name_plural = _("what left")

    def __str__(self):
        return str(self._meta.verbose_name)


def digest(key, identifier):
    plain = unicodedata.normalize("NFC", identifier.strip())  # Another program may write accents apart.
    return hmac.new(key.encode(), plain.encode(), hashlib.sha256).hexdigest()
