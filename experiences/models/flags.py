"""Flags: alarms that members raise about public words of any kind; a moderator decides.

An alarm hides what it is about at once only where that cannot empty the site: raised by a member with
published work who has few such alarms open, about words that no moderator has let stand. Any other
alarm only goes to the moderators.

What can be flagged says of itself: `is_told_by(user)`, `was_let_stand()`, `require_open_to_alarms()`,
`lock_for_alarm()`, and what `take_alarm(flag)` does to it.
"""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user import READ_FIRST
from config.versioning import require_note
from experiences import notifications
from experiences.models.fields import Prose

MOST_HIDING = 3  # Open alarms of one member that hide what they are about.
MOST_APART = 3  # Open alarms of one member that have a line of their own in the queue; all others have one.
# Why a moderator reads something about which nobody raised an alarm.
UNREAD = ("unread", _("Nobody has read it yet: it is read before it is public"))


class FlagQuerySet(models.QuerySet):
    def open(self):
        """Return what waits for a moderator."""
        return self.filter(settled_at=None)

    def of(self, thing):
        """Return the flags about one thing."""
        return self.filter(content_type=ContentType.objects.get_for_model(thing), object_id=thing.pk)

    def about(self, things):
        """Return the flags about rows of the queryset `things`."""
        kind = ContentType.objects.get_for_model(things.model)
        return self.filter(content_type=kind, object_id__in=things.values("pk"))


class Flag(models.Model):
    """A reader's alarm about something public."""

    class Reason(models.TextChoices):
        IDENTIFIES = "identifies", _("It identifies someone")
        ADVERTISING = "advertising", _("It is advertising")
        ABUSE = "abuse", _("It is abusive")
        OFF_TOPIC = "off-topic", _("It is off topic")

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    thing = GenericForeignKey("content_type", "object_id")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=12, choices=[*Reason.choices, UNREAD])
    note = Prose(_("note"), max_length=2000)
    # Of a practice: the `lasting_id` of the claim it is about, or "" for the whole.
    part = models.CharField(_("claim"), max_length=12, blank=True, default="")
    # Whether it hid what it is about, and whether it came on top of many others of one member.
    hides = models.BooleanField(default=False, editable=False)
    is_one_of_many = models.BooleanField(default=False, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="flags_of_a_thing"),
            models.Index(fields=["at"], condition=models.Q(settled_at=None), name="flags_that_wait"),
        ]

    def __str__(self):
        return self.get_reason_display()


def is_moderator(user):
    return user.has_perm("experiences.moderate_experience")


def require_moderator(user):
    """Raise PermissionDenied unless `user` is a moderator."""
    if not is_moderator(user):
        raise PermissionDenied


# --- How an alarm is raised, whatever it is about --------------------------------------------------


def raise_flag(thing, *, by, reason, note="", part=""):
    """Raise an alarm about `thing`, or one part of it; return the Flag, which says whether it hides it."""
    if not by.is_authenticated or thing.is_told_by(by):
        raise PermissionDenied
    thing.require_open_to_alarms()
    if part:
        require_part(thing, part)
    if reason not in Flag.Reason.values:
        raise ValidationError(
            {"reason": ValidationError(_("Choose a reason from the list."), code="required")}
        )
    with transaction.atomic():
        # Held first: of two alarms of one member at once, the second counts the first.
        User.objects.select_for_update(no_key=True).filter(pk=by.pk).first()
        thing.lock_for_alarm()  # and made, if nothing of it was stored before
        row = Flag(thing=thing, by=by, reason=reason, note=note, part=part)
        row.full_clean()
        if Flag.objects.of(thing).open().filter(by=by).exists():
            raise ValidationError(_("A moderator is about to look at your first alarm."), code="state")
        row.hides = would_hide(thing, by)
        row.is_one_of_many = Flag.objects.open().filter(by=by).count() >= MOST_APART
        row.save()
        thing.take_alarm(row)
        notifications.notify_alarm(by)
    return row


def require_part(thing, part):
    """Refuse a part that readers do not read in `thing`; only a practice has parts, its claims."""
    if not hasattr(thing, "has_claim") or not thing.has_claim(part):
        raise ValidationError({"claim": ValidationError(_("There is no such claim here."), code="invalid")})


def would_hide(thing, by):
    """Whether an alarm of `by` hides `thing` until a moderator decides."""
    return has_published_work(by) and has_alarms_left(by) and not thing.was_let_stand()


def has_published_work(user, identity="named"):
    """Whether readers can read something `user` told, or `user` reads what others tell, as a role.

    Not while a moderator wants what they tell with this `identity` read first.
    """
    if user.has_perm("experiences.review_experience"):
        return True
    if getattr(user, READ_FIRST[identity]):
        return False
    return user.experiences.published().exists() or user.trials.shown().exists()


def has_alarms_left(user):
    return Flag.objects.open().filter(by=user, hides=True).count() < MOST_HIDING


def settle_flags(thing):
    """Mark the open alarms about `thing` as decided; return how many there were."""
    return Flag.objects.of(thing).open().update(settled_at=timezone.now())


# --- Verbs of a report -----------------------------------------------------------------------------


def flag(report, *, by, reason, note=""):
    """Raise an alarm about a published report, for a moderator to decide; it may be hidden until then.

    It is hidden if whoever raises the alarm has published something, few such alarms of theirs are open,
    and no moderator has let these words stand. Nobody raises one about their own report.
    """
    raise_flag(report, by=by, reason=reason, note=note)
    return report


def was_let_stand(report):
    """Whether a moderator has let the report stand as it reads now."""
    lines = report.log.filter(verb__in=("restored", "kept", "edited")).order_by("-pk")
    return lines.values_list("verb", flat=True).first() in ("restored", "kept")


def take_alarm(report, row):
    """Hide the report if the Flag `row` hides it; else only say in the log that it was raised."""
    if row.hides:
        report.change_status(report.Status.HIDDEN, "flagged", row.by, reason=row.reason)
        report.after_public_change("hidden")
    else:
        report.add_log_line("flagged-again", row.by, reason=row.reason)


def hide(report, *, by, note=""):
    """Hide a published report until there is more to go by, as a moderator; it goes on waiting."""
    _require_decision(report, by, report.Status.PUBLISHED, note)
    with transaction.atomic():
        report.change_status(report.Status.HIDDEN, "hidden", by, note=note)
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
    """Leave a report shown about which an alarm was raised, as a moderator who looked at it."""
    _require_decision(report, by, report.Status.PUBLISHED, note)
    with transaction.atomic():
        report.lock_unchanged()
        if not settle_flags(report):
            raise ValidationError(_("No alarm waits for a decision."), code="state")
        report.add_log_line("kept", by, note=note)
    return report


def _require_decision(report, by, status, note):
    """Refuse whoever is no moderator, another state than `status`, and a sentence that cannot be kept."""
    require_moderator(by)
    report.require_status(status)
    require_note(note)


def flags_for(report, user):
    """Return all alarms, for a moderator; whoever wrote the report does not learn who raised them."""
    if user == report.author or not user.has_perm("experiences.moderate_experience"):
        return []
    return list(report.flags.select_related("by"))
