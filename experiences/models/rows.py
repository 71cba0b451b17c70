"""Rows that hang under a report: measures, sources, follow-ups, flags, and the log."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Line, Prose
from experiences.models.report.report import Experience
from experiences.models.vocabulary import Effect


class Measure(models.Model):
    """An effect that moved, before and after, with its source."""

    class Direction(models.TextChoices):
        UP = "up", _("went up")
        DOWN = "down", _("went down")
        SAME = "same", _("stayed the same")

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField(default=0)
    effect = models.ForeignKey(Effect, verbose_name=_("effect"), on_delete=models.PROTECT)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices)
    indicator = Line(_("indicator"), max_length=200, blank=True)
    before = Line(_("before"), max_length=60, blank=True)
    after = Line(_("after"), max_length=60, blank=True)
    unit = Line(_("unit"), max_length=60, blank=True)
    source = Line(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")

    def __str__(self):
        return f"{self.effect}: {self.before} → {self.after} {self.unit}".strip()

    @property
    def is_complete(self):
        """Whether it says before, after and where the figures come from (strength R3)."""
        return bool(self.before and self.after and self.source)


class Source(models.Model):
    """A link that shows what the report says, for everyone or for curators only."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("everyone")
        CURATORS = "curators", _("curators only")

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(default=0)
    url = models.URLField(_("link"), max_length=500, validators=[URLValidator(schemes=["http", "https"])])
    label = Line(_("what it is"), max_length=200, blank=True)
    visibility = models.CharField(
        _("who sees it"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.label or self.url


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


class FlagQuerySet(models.QuerySet):
    def open(self):
        """Return what waits for a moderator."""
        return self.filter(settled_at=None)


class Flag(models.Model):
    """A reader's alarm: the first one hides the report until a moderator decides."""

    class Reason(models.TextChoices):
        IDENTIFIES = "identifies", _("It identifies someone")
        ADVERTISING = "advertising", _("It is advertising")
        ABUSE = "abuse", _("It is abusive")
        OFF_TOPIC = "off-topic", _("It is off topic")

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="flags")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = Prose(_("note"), max_length=2000)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")

    def __str__(self):
        return self.get_reason_display()


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
        "flagged-again": _("Alarm raised again by someone already answered; it stays shown"),
        "restored": _("Shown again"),
        "kept": _("Left shown after that alarm"),
        "withheld": _("Words withheld by a moderator"),
        "looked": _("Words that were withheld, read again by a moderator"),
        "followed-up": _("Follow-up added"),
        "question-removed": _("Question removed"),
        "asked": _("Asked what has become of it"),
        "reminded": _("Curators reminded that it waits"),
        "trust-withdrawn": _("Its author’s next reports are to be read before publication"),
        "trust-given-back": _("Trust given back to its author"),
        "linked": _("Linked to another report of the same event"),
        "left": _("Left without its author's name, who closed their account"),
        "erased": _("Erased by its author, who closed their account"),
    }

    BY_A_READER = ("flagged", "flagged-again")  # Who raised an alarm is told to moderators alone, elsewhere.
    BY_THE_SITE = ("asked", "reminded", "left", "erased")  # Nobody in particular did it.

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
