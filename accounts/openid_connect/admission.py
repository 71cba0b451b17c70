"""Who of those that the provider knows may enter, and which groups they are in: settings.OPENID_CONNECT."""

import logging

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.openid_connect.refusals import Refused

logger = logging.getLogger(__name__)


def require(claims):
    """Raise Refused for whoever may not enter, whether they have been here before or not."""
    address = claims.get("email")
    if not is_address(address) or not is_confirmed(claims):
        raise Refused("unconfirmed")
    if not is_of_domain(address):
        raise Refused("domain")
    if not is_let_in(claims):
        raise Refused("claim")


def is_address(address):
    try:
        validate_email(address)
        get_adapter().clean_email(address)
    except (ValidationError, TypeError):
        return False
    return True


def is_confirmed(claims):
    """Whether the provider vouches that who signed in reads the mails to their address."""
    said = claims.get("email_verified", settings.OPENID_CONNECT.trusts_emails)
    return str(said).lower() == "true"


def is_of_domain(address):
    domains = settings.OPENID_CONNECT.domains
    return not domains or address.rpartition("@")[2].lower() in domains


def is_let_in(claims):
    entry = settings.OPENID_CONNECT.entry
    return not entry or not entry.isdisjoint(values(claims))


def groups_given(claims):
    """Return the names of the groups here that the provider's claim gives."""
    given = settings.OPENID_CONNECT.groups
    return sorted({given[value] for value in values(claims) if value in given})


def values(claims):
    """Return the values of the claim the settings name, which may stand in another: “realm_access.roles”."""
    name, found = settings.OPENID_CONNECT.claim, claims
    for part in [name] if name in claims else name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    listed = found if isinstance(found, list) else [found]
    return {str(one) for one in listed if isinstance(one, str | int)}


def give_groups(member, names):
    """Put `member` into the groups `names`, and out of the others that the provider decides on."""
    decided = set(settings.OPENID_CONNECT.groups.values())
    known = {group.name: group for group in Group.objects.filter(name__in=decided)}
    for name in decided - known.keys():
        logger.error("OIDC_GROUPS names the group %s, which is not there.", name)
    member.groups.remove(*(group for name, group in known.items() if name not in names))
    member.groups.add(*(group for name, group in known.items() if name in names))
