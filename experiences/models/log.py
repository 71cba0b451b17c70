"""The log of a report: who did what to it, when and why."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.flags import Flag
from experiences.models.report.report import Experience


class LogLine(models.Model):
    """Who did what to a report, when, from which state to which, and why."""

    DONE = {
        "submitted": _("Sent"),
        "published": _("Published"),
        "returned": _("Returned to its author"),
        "edited": _("Changed after publication"),
        "stakes-set": _("Stakes set by a curator"),
        "withdrawn": _("Withdrawn"),
        "flagged": _("Hidden after an alarm"),
        "flagged-again": _("Alarm raised; it stays shown meanwhile"),
        "hidden": _("Hidden by a moderator"),
        "restored": _("Shown again"),
        "kept": _("Left shown after that alarm"),
        "withheld": _("Words withheld by a moderator"),
        "looked": _("Words that were withheld, read again by a moderator"),
        "followed-up": _("Follow-up added"),
        "question-flagged": _("Alarm raised about a question"),
        "question-hidden": _("Question hidden by a moderator"),
        "question-kept": _("Question shown, as a moderator decided"),
        "question-removed": _("Question removed"),
        "follow-up-flagged": _("Alarm raised about a follow-up"),
        "follow-up-hidden": _("Follow-up hidden by a moderator"),
        "follow-up-kept": _("Follow-up shown, as a moderator decided"),
        "follow-up-removed": _("Follow-up removed by a moderator"),
        "asked": _("Asked what has become of it"),
        "reminded": _("Curators reminded that it waits"),
        "trust-withdrawn": _("Its author’s next reports are to be read before publication"),
        "trust-given-back": _("Trust given back to its author"),
        "linked": _("Linked to another report of the same event"),
        "retagged": _("A term of the vocabulary gave way to another"),
        "left": _("Left without its author's name, who closed their account"),
        "erased": _("Erased by its author, who closed their account"),
    }

    BY_A_READER = ("flagged", "flagged-again", "question-flagged", "follow-up-flagged")
    # Who raised an alarm is told to moderators alone, elsewhere.
    BY_THE_SITE = ("asked", "reminded", "retagged", "left", "erased")  # Nobody in particular did it.

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("log line")
        verbose_name_plural = _("log lines")

    def __str__(self):
        return f"{self.verb}: {self.before} → {self.after}"

    def get_reason_display(self):
        return dict(Experience.ReturnReason.choices + Flag.Reason.choices).get(self.reason, self.reason)

    @property
    def said(self):
        """What was done, in words."""
        return self.DONE.get(self.verb, self.verb)

    @property
    def is_by_a_reader(self):
        return self.verb in self.BY_A_READER

    @property
    def is_by_the_site(self):
        return self.verb in self.BY_THE_SITE
