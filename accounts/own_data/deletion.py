"""A member leaves: what is theirs alone goes with them."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from accounts.models import Invitation
from accounts.own_data.sections import addresses, waiting


def delete_member(member):
    """Delete a member with all that is theirs alone; whatever they did otherwise is nobody's from then on."""
    with transaction.atomic():
        waiting(member).delete()
        log_entries_about(member).delete()
        Invitation.objects.forget(member, addresses(member))
        member.delete()


def log_entries_about(member):
    """Return the lines of the administration's log that name the member or an address of theirs."""
    kind = ContentType.objects.get_for_model(member)
    named = Q(content_type=kind, object_id=str(member.pk))
    for one in addresses(member):
        named |= Q(object_repr__icontains=one) | Q(change_message__icontains=one)
    return LogEntry.objects.filter(named)


def end_sessions(key, known):
    """Delete the sessions of the member whose primary key was `key`, and those with an address of `known`.

    They open nothing once the member is gone; so they may be looked through outside a transaction.
    """
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        told = str(kept).lower()
        if kept.get("_auth_user_id") == str(key) or any(one.lower() in told for one in known):
            session.delete()
