"""Flags: anyone signed in raises one about a published report, which hides it; a moderator decides."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.versioning import require_note
from experiences.models.fields import Prose


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

    report = models.ForeignKey("experiences.Experience", on_delete=models.CASCADE, related_name="flags")
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


# --- Verbs of a report -----------------------------------------------------------------------------


def flag(report, *, by, reason, note=""):
    """Raise an alarm about a published report, which hides it until a moderator decides.

    Whoever was answered by showing it again does not hide it a second time: their next alarm about
    it only goes to the moderators.
    """
    if not by.is_authenticated:
        raise PermissionDenied
    report.require_status(report.Status.PUBLISHED)
    row = Flag(report=report, by=by, reason=reason, note=note)
    row.full_clean()
    with transaction.atomic():
        report.lock_unchanged()
        earlier = list(report.flags.filter(by=by))
        if any(one.settled_at is None for one in earlier):
            raise ValidationError(_("A moderator is about to look at your first alarm."), code="state")
        row.save()
        if earlier:
            report.add_log_line("flagged-again", by, reason=reason)
        else:
            report.change_status(report.Status.HIDDEN, "flagged", by, reason=reason)
            report.after_public_change("hidden")
    return report


def restore(report, *, by, note=""):
    """Show a hidden report again, as a moderator who looked at its flags."""
    _require_decision(report, by, report.Status.HIDDEN, note)
    with transaction.atomic():
        settle_flags(report)
        report.change_status(report.Status.PUBLISHED, "restored", by, note=note)
        report.after_public_change("restored")
    return report


def keep(report, *, by, note=""):
    """Leave a report shown about which alarm was raised again, as a moderator who looked at it."""
    _require_decision(report, by, report.Status.PUBLISHED, note)
    with transaction.atomic():
        report.lock_unchanged()
        if not settle_flags(report):
            raise ValidationError(_("No alarm waits for a decision."), code="state")
        report.add_log_line("kept", by, note=note)
    return report


def _require_decision(report, by, status, note):
    """Refuse whoever is no moderator, another state than `status`, and a sentence that cannot be kept."""
    if not by.has_perm("experiences.moderate_experience"):
        raise PermissionDenied
    report.require_status(status)
    require_note(note)


def flags_for(report, user):
    """Return all alarms, for a moderator; whoever wrote the report does not learn who raised them."""
    if user == report.author or not user.has_perm("experiences.moderate_experience"):
        return []
    return list(report.flags.select_related("by"))


def settle_flags(report):
    """Mark the open alarms as decided; return how many there were."""
    return report.flags.open().update(settled_at=timezone.now())
