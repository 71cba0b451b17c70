"""Many addresses invited at once: each for itself, so that a bad one keeps nobody out."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.invitations import letters
from accounts.models import Invitation

MOST_AT_ONCE = 200
QUOTED = re.compile(r'"[^"\n]*"')  # Names, which may hold commas.
SEPARATORS = re.compile(r"[\n\r;,]+")


@dataclass
class Outcome:
    invited: list = field(default_factory=list)
    refused: list = field(default_factory=list)  # of (address, why)


def addresses_in(text):
    """Return what a pasted list names, each once: addresses alone or with a name, on lines or with commas."""
    parts = SEPARATORS.split(QUOTED.sub("", text))
    bare = (part.partition("<")[2].partition(">")[0] if "<" in part else part for part in parts)
    return list({one.lower(): one for one in map(str.strip, bare) if one}.values())


def invite(addresses, *, by, language, group=None):
    """Invite each of `addresses`, and mail those who were; return the Outcome."""
    outcome = Outcome()
    for address in addresses:
        try:
            with transaction.atomic():
                invitation, key = Invitation.issue(address, by=by, language=language, group=group)
                letters.queue(invitation, key)
        except IntegrityError:  # Someone else did it in the same moment.
            outcome.refused.append((address, _("This address is invited already.")))
        except ValidationError as refusal:
            outcome.refused.append((address, " ".join(refusal.messages)))
        else:
            outcome.invited.append(invitation)
    return outcome


@transaction.atomic
def send_again(invitation, *, by):
    """Mail another link, in place of the first."""
    letters.queue(invitation, invitation.resend(by=by))
