"""Names that members show, about which alarms were raised, and what moderators decided.

A row is one doubt about one name, and stays: it is the log of what became of the name. An alarm never
hides a name, and is raised only where the name is shown: at something signed. Nothing here leads to what
the same member told without it.
"""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.versioning import Conflict, require_note
from experiences import notifications
from experiences.list_index.held import NAMES
from experiences.list_index.models import ListState
from experiences.models import flags
from experiences.models.fields import Prose, public_id


class ShownNameQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return all of them for moderators, and nothing for anyone else."""
        return self if user.has_perm("experiences.moderate_experience") else self.none()


class ShownName(models.Model):
    """One name of a member about which there was doubt, until a moderator decides and afterwards."""

    class Status(models.TextChoices):
        SHOWN = "shown", _("Shown")
        KEPT = "kept", _("Let stand by a moderator")
        REMOVED = "removed", _("Removed by a moderator")

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="names_doubted"
    )
    name = models.CharField(_("name"), max_length=80)
    status = models.CharField(_("state"), max_length=7, choices=Status.choices, default=Status.SHOWN)
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = Prose(_("note"), max_length=2000)
    flags = GenericRelation("experiences.Flag")

    objects = ShownNameQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("shown name")
        verbose_name_plural = _("shown names")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "name"],
                condition=Q(decided_at=None),
                name="one_open_doubt_per_name",
                violation_error_message=_("A moderator is about to look at this name."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return where the name stands that an alarm is raised about; of a stored doubt, its own page."""
        if hasattr(self, "place"):
            return self.place.get_absolute_url()
        return reverse("moderation-name", args=[self.public_id])

    @classmethod
    def under(cls, signed):
        """Return the doubt, not stored yet, about the name under something `signed`; None: it shows none."""
        member = signed.author if hasattr(signed, "author") else signed.by
        if signed.byline is None or not member.display_name:
            return None
        doubt = cls(member=member, name=member.display_name)
        doubt.place = signed
        return doubt

    @property
    def is_open(self):
        return self.decided_at is None

    def history(self):
        """Return what was decided before about names of the same member, the newest first."""
        return ShownName.objects.filter(member=self.member_id).exclude(decided_at=None).order_by("-pk")

    # --- What an alarm asks ----------------------------------------------------------------------

    def is_told_by(self, user):
        return user.is_authenticated and self.member_id == user.pk

    def was_let_stand(self):
        """An alarm about a name never hides it."""
        return True

    def require_open_to_alarms(self):
        if not self.is_open:
            raise ValidationError(_("It is not there any more."), code="gone")

    def lock_for_alarm(self):
        """Take the row of all alarms about this name that wait; the first makes it."""
        row, _made = ShownName.objects.get_or_create(member=self.member, name=self.name, decided_at=None)
        ShownName.objects.select_for_update().filter(pk=row.pk).first()
        self.pk, self.public_id, self._state.adding = row.pk, row.public_id, False

    def take_alarm(self, row):
        """The alarm waits; what it is about stays as it is."""

    # --- Verbs -----------------------------------------------------------------------------------

    def allow(self, *, by, note=""):
        """Let the name stand, as a moderator who looked at the alarms about it."""
        self._decide(self.Status.KEPT, by, note)
        return self

    def hide(self, *, by, note=""):
        """Refuse: a name is shown, or is not."""
        raise ValidationError(_("A name is let stand or removed; it is never hidden."), code="state")

    def remove(self, *, by, note):
        """Take the name away for good: whatever it signs shows “A member” instead."""
        needed = _("Say in a sentence why it is removed.")
        with transaction.atomic():
            self._decide(self.Status.REMOVED, by, note, needed)
            User.objects.filter(pk=self.member_id, display_name=self.name).update(display_name="")
            ListState.advance(NAMES)
            notifications.notify_name_removed(self.member, note)
        return self

    def _decide(self, status, by, note, needed=None):
        if not by.has_perm("experiences.moderate_experience") or self.is_told_by(by):
            raise PermissionDenied
        require_note(note, **({"needed": needed} if needed else {}))
        decided = {"status": status, "decided_by": by, "decided_at": timezone.now(), "note": note}
        with transaction.atomic():
            if not ShownName.objects.filter(pk=self.pk, decided_at=None).update(**decided):
                raise Conflict
            for name, value in decided.items():
                setattr(self, name, value)
            flags.settle_flags(self)
