"""The derived rows that lists of practices are read from."""

from django.db import models

from experiences.list_index.models import Listed


class ListedPractice(Listed):
    """A practice that readers read, as lists have it; ordered by what holds best."""

    LIST = "practices"
    EXTRA = ("family",)

    # The practice of which it is a translation, else itself: a page shows one of a family.
    family = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "listed practice"
