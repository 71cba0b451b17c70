"""Alarms about a practice: they go to the moderators, and hide nothing, as two curators have read it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.versioning import require_note
from experiences.models.flags import require_moderator, settle_flags

# --- Practice binds these as methods ---------------------------------------------------------------


def is_told_by(practice, user):
    """Whether `user` is one of those whose words it is: they change it, and raise no alarm."""
    return user.is_authenticated and practice.created_by_id == user.pk


def was_let_stand(practice):
    """Two curators have: no alarm hides it."""
    return True


def require_open_to_alarms(practice):
    if not practice.is_open_to_readers:
        raise ValidationError(_("Only what readers can read is open to alarms."), code="state")


def has_claim(practice, lasting_id):
    """Whether readers read this claim in it."""
    return practice.all_claims.filter(version=practice.current_id, lasting_id=lasting_id).exists()


def lock_for_alarm(practice):
    type(practice).objects.select_for_update().filter(pk=practice.pk).values("pk").first()


def take_alarm(practice, row):
    """Say in the log that an alarm was raised, and not by whom."""
    practice.log.create(verb="flagged", note=row.reason)


def allow(practice, *, by, note=""):
    """Let it stand as it is, as a moderator who looked at the alarms about it."""
    require_moderator(by)
    require_note(note)
    with transaction.atomic():
        lock_for_alarm(practice)
        if not settle_flags(practice):
            raise ValidationError(_("No alarm waits for a decision."), code="state")
        practice.log.create(verb="kept", by=by, note=note)
    return practice
