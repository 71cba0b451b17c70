"""The derived rows that lists of practices are read from."""

from django.db import models

from experiences.list_index.models import Listed


class ListedPractice(Listed):
    """A practice that readers read, as lists have it; ordered by what holds best."""

    LIST = "practices"
    EXTRA = {"family": int, "outcomes": bytes}

    # The practice of which it is a translation, else itself: a page shows one of a family.
    family = models.BigIntegerField(default=0)
    outcomes = models.BinaryField(default=bytes)  # see outcomes.pack()
    # The item of the API, but for where it is; the card, with slots for words of a language.
    item = models.TextField(default="")
    card = models.TextField(default="")

    class Meta:
        verbose_name = "listed practice"
