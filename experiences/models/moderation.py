"""Moderation: what becomes of public words about which there is doubt: trials, questions, practices…

Each is shown, waits to be read first, is hidden until a moderator decides, or was removed. Whoever wrote
it still reads it, and what its state is; whatever is not shown counts nowhere. A report has its own states.
"""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from config.versioning import Conflict, require_note
from experiences import notifications
from experiences.models import flags
from experiences.models.fields import Prose
from experiences.notifications.wordings import line_removed


class ModeratedQuerySet(models.QuerySet):
    def shown(self):
        """Return what readers can read."""
        return self.filter(moderation=Moderated.Moderation.SHOWN)


class Moderated(models.Model):
    """Words that anyone may raise an alarm about, and on which a moderator decides.

    A subclass says whose they are (`is_told_by`, `writers`), what is locked before them (`lock_owner`), where
    decisions are logged (`log_decision`), and what follows from another state (`after_decision`). One that
    has no `flags` of another kind, as a practice has of its grade, names its alarms so.
    """

    # Whether a moderator may let it stand again once it was removed, and its writers read why it is hidden.
    can_come_back = False

    class Moderation(models.TextChoices):
        SHOWN = "shown", _("Shown")
        WAITING = "waiting", _("Read before it is public")
        HIDDEN = "hidden", _("Hidden until a moderator decides")
        REMOVED = "removed", _("Removed by a moderator")

    moderation = models.CharField(
        _("state"), max_length=7, choices=Moderation.choices, default=Moderation.SHOWN, editable=False
    )
    # Whether a moderator read these very words and let them stand: no alarm hides them any more.
    let_stand = models.BooleanField(default=False, editable=False)
    decision_note = Prose(_("why a moderator removed it"), max_length=2000, editable=False)

    class Meta:
        abstract = True

    # --- What it is ----------------------------------------------------------------------------

    @property
    def is_shown(self):
        return self.moderation == self.Moderation.SHOWN

    def was_let_stand(self):
        return self.let_stand

    def can_be_moderated_by(self, user):
        """Nobody decides on their own words."""
        return user.has_perm("experiences.moderate_experience") and not self.is_told_by(user)

    def require_open_to_alarms(self):
        self._require(self.Moderation.SHOWN)

    def _require(self, *states):
        if self.moderation not in states:
            raise ValidationError(
                _("This cannot be done to words in the state “%(state)s”."),
                code="state",
                params={"state": self.get_moderation_display()},
            )

    # --- Verbs ---------------------------------------------------------------------------------

    def flag(self, *, by, reason, note=""):
        """Raise an alarm about it, for a moderator to decide."""
        flags.raise_flag(self, by=by, reason=reason, note=note)
        return self

    def allow(self, *, by, note=""):
        """Let it stand, as a moderator who read it: it is shown, and no alarm hides it any more."""
        M = self.Moderation
        with self._deciding(by, note, *self._open_states()):
            if not flags.settle_flags(self) and self.is_shown:
                raise ValidationError(_("No alarm waits for a decision."), code="state")
            before = self.moderation
            self._move(M.SHOWN, let_stand=True, decision_note="")
            self.log_decision("kept", by, note=note)
            if before != M.SHOWN:
                self.after_decision(before)
                self.tell_writers("kept", by, note)
        return self

    def hide(self, *, by, note=""):
        """Hide it until there is more to go by, as a moderator; it goes on waiting for a decision."""
        M = self.Moderation
        with self._deciding(by, note, M.SHOWN, M.WAITING):
            before = self.moderation
            self._move(M.HIDDEN, let_stand=False, decision_note=note if self.can_come_back else "")
            self.log_decision("hidden", by, note=note)
            self.after_decision(before)
            self.tell_writers("hidden", by, note)
        return self

    def remove(self, *, by, note):
        """Remove it, as a moderator, with a sentence that whoever wrote it reads."""
        if self.can_be_moderated_by(by):
            require_note(note, needed=_("Say in a sentence why it is removed."))
        with self._deciding(by, note, *self._open_states()):
            before = self.moderation
            if not flags.settle_flags(self) and before == self.Moderation.REMOVED:
                raise ValidationError(_("No alarm waits for a decision."), code="state")
            self._move(self.Moderation.REMOVED, let_stand=False, decision_note=note)
            self.log_decision("removed", by, note=note)
            self.after_decision(before)
            self.tell_writers("removed", by, note)
        return self

    # --- How verbs work ------------------------------------------------------------------------

    def tell_writers(self, verb, by, note):
        """Tell whoever wrote it what was decided: that it was removed, if nothing else."""
        if verb == "removed":
            notifications.notify_writers(self.writers(), line_removed)

    def _open_states(self):
        """Return the states in which a moderator may let it stand, or remove it."""
        M = self.Moderation
        return (M.SHOWN, M.WAITING, M.HIDDEN, *([M.REMOVED] if self.can_come_back else []))

    def lock_for_alarm(self):
        self._hold()
        self.require_open_to_alarms()

    def take_alarm(self, row):
        """Hide it if the Flag `row` hides it; the log says that an alarm was raised, and not by whom."""
        self.log_decision("flagged", None, reason=row.reason)
        if row.hides:
            before = self.moderation
            self._move(self.Moderation.HIDDEN)
            self.after_decision(before)

    def await_reading(self, by):
        """Let a moderator read it before it is public; inside a transaction."""
        if not flags.Flag.objects.of(self).open().filter(reason=flags.UNREAD[0]).exists():
            flags.Flag.objects.create(thing=self, reason=flags.UNREAD[0])
        notifications.notify_alarm(by)

    def _hold(self):
        """Make others wait, and read again what they may have decided meanwhile."""
        self.lock_owner()
        stored = type(self).objects.select_for_update().filter(pk=self.pk)
        found = stored.values_list("moderation", "let_stand").first()
        if found is None:
            raise Conflict
        self.moderation, self.let_stand = found

    def _move(self, to, **columns):
        columns |= {"moderation": to}
        for name, value in columns.items():
            setattr(self, name, value)
        type(self).objects.filter(pk=self.pk).update(**columns)

    @contextmanager
    def _deciding(self, by, note, *states):
        """Open the transaction of a moderator's decision, if they may take it and these states allow it."""
        if not self.can_be_moderated_by(by):
            raise PermissionDenied
        require_note(note)
        with transaction.atomic():
            self._hold()
            self._require(*states)
            yield
