"""About how often a page was read, by month: a number, and never by whom."""

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _

FEW = 10  # Under so many, no number is said.


class MonthlyReadsQuerySet(models.QuerySet):
    def totals(self, keys):
        """Return {primary key: how often it was read in all} of those with these."""
        rows = self.filter(about__in=keys).order_by().values_list("about")
        return dict(rows.annotate(total=Sum("number")))


class MonthlyReads(models.Model):
    """How often one thing was read in one month. A subclass says `about` what, and its `key`."""

    key = "pk"

    month = models.DateField()
    number = models.PositiveIntegerField(default=0)

    objects = MonthlyReadsQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.about_id} {self.month}: {self.number}"

    @classmethod
    def about_keys(cls, keys):
        """Return {key as pages count: primary key} of what is still there."""
        found = cls._meta.get_field("about").related_model.objects.filter(**{f"{cls.key}__in": keys})
        return dict(found.values_list(cls.key, "pk"))


class ReportReads(MonthlyReads):
    """How often a report was read; of one without its author's name, told to its author alone."""

    key = "public_id"

    about = models.ForeignKey("experiences.Experience", on_delete=models.CASCADE, related_name="reads")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "month"], name="reads_of_a_report_are_summed_by_month")
        ]


def rounded(number):
    """Return a number of reads as it is told: None under ten, else as about how many."""
    if number < FEW:
        return None
    unit = 10 ** max(1, len(str(number)) - 2)
    return round(number / unit) * unit


def reads_words(number):
    """Say a number of reads: “fewer than ten”, or about how many."""
    about = rounded(number)
    return _("fewer than ten") if about is None else _("about %(n)s") % {"n": about}
