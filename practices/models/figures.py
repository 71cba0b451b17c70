"""The figures of the site: one row, made by the worker, which pages and programs read and never count."""

from django.db import models
from django.utils import timezone


class FiguresManager(models.Manager):
    def latest_made(self):
        """Return the figures as they were made last, or None."""
        return self.first()

    def store(self, data):
        """Put these figures in place of the last."""
        self.update_or_create(pk=1, defaults={"data": data, "made_at": timezone.now()})


class Figures(models.Model):
    """What practices/figures/ counted last, and when."""

    made_at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict)

    objects = FiguresManager()

    def __str__(self):
        return f"{self.made_at}"
