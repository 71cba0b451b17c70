"""What `setup_site` asks, one question after the other, and whom it makes curators."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.invitations.batch import addresses_in, invite
from accounts.models import Invitation, Site, User


def asked(read, write, column, now):
    """Ask for the value of `column` until it is one; nothing typed: it stays as it is `now`."""
    if column.choices:
        write("\n".join(f"  {value}: {label}" for value, label in column.choices))
    shown = f" [{now}]" if now else ""
    while True:
        typed = read(f"{column.verbose_name}{shown}: ").strip() or now
        if not column.choices or typed in dict(column.choices):
            return typed
        write(_("Choose one of these: %(values)s.") % {"values": ", ".join(dict(column.choices))})


def make_curators(text, *, language):
    """Yield what became of each address in `text`: who has an account joins the group, others are invited."""
    group = Group.objects.get(name="Curators")
    for address in addresses_in(text):
        member = member_at(address)
        if member is None:
            yield from invited(address, group, language)
        elif member.groups.filter(pk=group.pk).exists():
            yield _("%(address)s is a curator already.") % {"address": address}
        else:
            member.groups.add(group)
            yield _("%(address)s has an account, and is a curator now.") % {"address": address}


def member_at(address):
    """Return the active member who confirmed this address, or was given it at the command line; or None."""
    confirmed = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user")
    given = Q(email__iexact=address, emailaddress=None)
    return User.objects.filter(Q(pk__in=confirmed) | given, is_active=True).first()


def invited(address, group, language):
    if Invitation.objects.pending().filter(email__iexact=address, group=group).exists():
        yield _("%(address)s is invited already.") % {"address": address}
        return
    outcome = invite([address], by=None, language=language, group=group)
    for _invitation in outcome.invited:
        yield _("%(address)s is invited as a curator.") % {"address": address}
    for _address, why in outcome.refused:
        yield f"{ascii(address)[1:-1]}: {why}"


def stored_site():
    return Site.objects.defer("logo").first() or Site()
