"""The devices on which a member signed in: wrong passwords typed elsewhere do not keep their owner out.

Strangers' guesses are counted for the account, and after a few nobody unknown is let try for a while. A
device where its owner signed in carries a signed cookie, and has a count of its own (OWASP, "device
cookies"). The cookie says neither who nor where; a new password makes it worthless.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

COOKIE = "known_device"
SALT = "accounts.known_devices"
PATH = "/accounts/"  # Where one signs in: nothing else is told.
KEPT = 60 * 60 * 24 * 365
MOST_ACCOUNTS = 5  # of one device
# Whoever just chose a new password is known in this session, before they sign in with it.
SESSION_KEY = "known_device"


def remember(request, response, user):
    """Know the device that `request` came from as one of `user`'s from now on."""
    others = [entry for entry in _entries(request) if not _is_of(entry, user)]
    entries = [_entry(user), *others][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps(entries, salt=SALT),
        max_age=KEPT,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def remember_in_session(request, user, **_of_the_signal):
    """Know this session as one of `user`'s, who chose a new password: their devices are forgotten by it."""
    request.session[SESSION_KEY] = _entry(user)


def device_of_owner(request, email):
    """Return what names the device of `request`, if it is known to be of whoever signs in with `email`."""
    if request.user.is_authenticated:
        entries = [*_entries(request), _entry(request.user, request.session.session_key)]
    else:
        entries = _entries(request)
    if not entries:
        return None
    owners = User.objects.filter(Q(email=email.lower()) | Q(emailaddress__email=email.lower())).distinct()[:2]
    if len(owners) != 1:  # An address of two accounts would lend one the device of the other.
        return None
    return next((entry[1] for entry in entries if _is_of(entry, owners[0])), None)


def _entry(user, device=None):
    return [_fingerprint(user), device or secrets.token_hex(16)]


def _is_of(entry, user):
    return constant_time_compare(entry[0], _fingerprint(user))


def _fingerprint(user):
    """Return what stands for `user` and their password, and tells neither."""
    return salted_hmac(SALT, f"{user.pk} {user.password}", algorithm="sha256").hexdigest()


def _entries(request):
    """Return [[fingerprint, device]] of the accounts that this device is known for."""
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        known = []
    in_session = request.session.get(SESSION_KEY)
    return [*known, in_session] if in_session else known
