"""The address in each notice by which its mail program, or its reader, stops them all (RFC 8058); one of a
kind that can be stopped apart brings an address of its own.

Whoever holds it needs no password: it is signed, for one account and for this purpose alone, tells no
more than the number of the account, and holds for as long as the secret of the site, or one it replaced.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts.models import User
from config.text import whole_number

SIGNER = {"salt": "accounts.unsubscribing", "sep": ":"}


def token_of(member):
    return Signer(**SIGNER).sign(str(member.pk))


def member_of(token):
    """Return whose notices `token` stops, or None."""
    try:
        pk = whole_number(Signer(**SIGNER).unsign(token), most_digits=18)
    except BadSignature:
        return None
    return User.objects.filter(pk=pk).first()


def headers_for(mail):
    """Return the headers that let a mail program stop such mails; none for those that always come."""
    path = mail.stop_path or path_to_stop_all(mail)
    if not path:
        return {}
    address = settings.SITE_URL + path
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def path_to_stop_all(mail):
    """Return where all notices to the recipient of `mail` are stopped; "" of one that always comes."""
    member = User.objects.filter(email__iexact=mail.recipient).first() if mail.is_notice else None
    return reverse("accounts:unsubscribe", args=[token_of(member)]) if member else ""
