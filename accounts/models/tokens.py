"""The tokens that a member's programs carry."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from config.fields import Line


class TokenManager(AuthTokenManager):
    def of(self, user):
        """Return the tokens of `user` that still work, each with its `handle`."""
        alive = self.filter(user=user).filter(Q(expiry=None) | Q(expiry__gt=timezone.now()))
        return alive.annotate(handle=Substr("digest", 1, Token.HANDLE_LENGTH))

    def revoke_all_of(self, user):
        """End all tokens of `user` at once."""
        self.filter(user=user).delete()


class Token(AbstractAuthToken):
    """A key one of a member's programs carries: named, scoped, expiring, stored hashed."""

    DAYS, MOST_DAYS, MOST_TOKENS = 90, 365, 50
    HANDLE_LENGTH = 16

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    name = Line(_("name"), max_length=80, help_text=_("Where this token is used, to know it again later."))
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.READ)

    objects = TokenManager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created", "digest"]

    def __str__(self):
        return self.name

    @classmethod
    def issue(cls, *, by, name, scope, days=DAYS):
        """Make a token for `by`; return it with its key, which is stored nowhere.

        Raises ValidationError keyed by field.
        """
        token = cls(user=by, name=name.strip(), scope=scope)
        token.full_clean(exclude=["digest", "token_key"])
        if not 1 <= days <= cls.MOST_DAYS:
            text = _("A token is valid for 1 to %(most)s days.")
            raise ValidationError({"days": ValidationError(text, params={"most": cls.MOST_DAYS})})
        if cls.objects.of(by).count() >= cls.MOST_TOKENS:
            raise ValidationError(_("You have many tokens already: revoke one you no longer use first."))
        token, key = cls.objects.create(by, expiry=timedelta(days=days), name=token.name, scope=scope)
        token.handle = token.digest[: cls.HANDLE_LENGTH]
        return token, key
