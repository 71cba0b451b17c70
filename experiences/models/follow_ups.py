"""Follow-ups: the author, later, says whether it still holds."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Prose
from experiences.models.report.report import Experience


class FollowUp(models.Model):
    """The author, later: does it still hold?"""

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="follow_ups")
    told_on = models.DateField(_("told on"), default=timezone.localdate)
    verdict = models.CharField(_("verdict"), max_length=14, choices=Experience.Verdict.choices)
    text = Prose(_("what has become of it"), blank=False)

    class Meta:
        ordering = ["told_on", "pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self):
        return f"{self.told_on}: {self.get_verdict_display()}"

    def clean(self):
        if self.told_on and self.told_on > timezone.localdate():
            raise ValidationError({"told_on": _("A follow-up cannot be told in the future.")})

    @property
    def holds(self):
        return self.verdict in Experience.Verdict.SUCCESSES
