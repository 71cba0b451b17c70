from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LogLine(models.Model):
    """A dated line of a practice's life: a change of state, or a grade that moved and why."""

    # Verbs anyone may read; the others belong to the desk.
    PUBLIC = ("published", "retired", "graded", "lowered")

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    # Of a grade that moved: what changed, and the rule that judged it.
    cause = models.CharField(max_length=20, blank=True)
    rule_version = models.PositiveSmallIntegerField(null=True, blank=True)

    CAUSES = {
        "published": _("a report or version was published"),
        "edited": _("a report was edited"),
        "withdrawn": _("a report was withdrawn"),
        "hidden": _("a report was hidden"),
        "restored": _("a report was restored"),
        "followed-up": _("an author told what became of it"),
        "linked": _("reports of one event were linked"),
        "tried": _("someone tried it"),
        "cited": _("evidence was added"),
        "uncited": _("evidence was removed"),
        "lowered": _("a curator lowered it"),
        "recomputed": _("all grades were recomputed"),
    }

    class Meta:
        ordering = ["pk"]
        verbose_name = _("log line")
        verbose_name_plural = _("log lines")

    def __str__(self):
        return f"{self.verb}: {self.before} → {self.after}"

    @property
    def cause_label(self):
        return self.CAUSES.get(self.cause, self.cause)
