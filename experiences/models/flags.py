"""Alarms about a published report: anyone signed in raises one, a moderator decides."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.versioning import require_note


class Alarmed(models.Model):
    """What becomes of a report about which an alarm was raised."""

    class Meta:
        abstract = True

    def flag(self, *, by, reason, note=""):
        """Raise an alarm about a published report, which hides it until a moderator decides.

        Whoever was answered by showing it again does not hide it a second time: their next alarm about
        it only goes to the moderators.
        """
        if not by.is_authenticated:
            raise PermissionDenied
        self._require(self.Status.PUBLISHED)
        flag = self.flags.model(report=self, by=by, reason=reason, note=note)
        flag.full_clean()
        with transaction.atomic():
            self.lock_unchanged()
            earlier = list(self.flags.filter(by=by))
            if any(one.settled_at is None for one in earlier):
                raise ValidationError(_("A moderator is about to look at your first alarm."), code="state")
            flag.save()
            if earlier:
                self._log("flagged-again", by, reason=reason)
            else:
                self._move(self.Status.HIDDEN, "flagged", by, reason=reason)
                self._after_public_change("hidden")
        return self

    def restore(self, *, by, note=""):
        """Show a hidden report again, as a moderator who looked at its flags."""
        self._require_decision(by, self.Status.HIDDEN, note)
        with transaction.atomic():
            self._settle_flags()
            self._move(self.Status.PUBLISHED, "restored", by, note=note)
            self._after_public_change("restored")
        return self

    def keep(self, *, by, note=""):
        """Leave a report shown about which alarm was raised again, as a moderator who looked at it."""
        self._require_decision(by, self.Status.PUBLISHED, note)
        with transaction.atomic():
            self.lock_unchanged()
            if not self._settle_flags():
                raise ValidationError(_("No alarm waits for a decision."), code="state")
            self._log("kept", by, note=note)
        return self

    def _require_decision(self, by, status, note):
        """Refuse whoever is no moderator, another state than `status`, and a sentence that cannot be kept."""
        if not by.has_perm("experiences.moderate_experience"):
            raise PermissionDenied
        self._require(status)
        require_note(note)

    def flags_for(self, user):
        """Return all alarms, for a moderator; whoever wrote the report does not learn who raised them."""
        if user == self.author or not user.has_perm("experiences.moderate_experience"):
            return []
        return list(self.flags.select_related("by"))

    def _settle_flags(self):
        """Mark the open alarms as decided; return how many there were."""
        return self.flags.open().update(settled_at=timezone.now())
