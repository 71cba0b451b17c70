"""Addresses that practices had before: each leads to the practice for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OldAddress(models.Model):
    """A slug that a draft had until its first publication gave it one from its title."""

    slug = models.SlugField(max_length=80, unique=True)
    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self):
        return self.slug
