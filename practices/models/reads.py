"""About how often a practice was read."""

from django.db import models

from experiences.models.reads import MonthlyReads


class PracticeReads(MonthlyReads):
    key = "slug"

    about = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="reads")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "month"], name="reads_of_a_practice_are_summed_by_month")
        ]
