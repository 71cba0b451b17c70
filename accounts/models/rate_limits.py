"""How often something was tried: rows that nothing but time makes forgotten."""

from django.db import models
from django.utils import timezone


class RateLimitQuerySet(models.QuerySet):
    def alive(self):
        """Return what still counts."""
        return self.filter(expires_at__gt=timezone.now())

    def ended(self):
        """Return what no longer counts."""
        return self.filter(expires_at__lte=timezone.now())


class RateLimit(models.Model):
    """How often something was tried lately: written by `accounts.limits`, deleted only once it has ended."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    objects = RateLimitQuerySet.as_manager()

    def __str__(self):
        return self.key
