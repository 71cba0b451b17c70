"""The rows that tie a practice to its stakes and contexts (taggit's through models)."""

from django.db import models
from taggit.models import ItemBase

from experiences.models import Context, Stake


class PracticeStake(ItemBase):
    content_object = models.ForeignKey(
        "practices.Practice", on_delete=models.CASCADE, related_name="stake_links"
    )
    tag = models.ForeignKey(Stake, on_delete=models.PROTECT, related_name="practice_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_practice_names_a_stake_once")
        ]


class PracticeContext(ItemBase):
    content_object = models.ForeignKey(
        "practices.Practice", on_delete=models.CASCADE, related_name="context_links"
    )
    tag = models.ForeignKey(Context, on_delete=models.PROTECT, related_name="practice_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_practice_names_a_context_once")
        ]
