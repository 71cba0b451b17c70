"""The e-mail that brings an invitation."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import current_site
from config.formats.written import date_format


def queue(invitation, key):
    """Queue the mail that holds `key`, in the language the invitation was written for."""
    with translation.override(current_site().offered(invitation.language)):
        link = settings.SITE_URL + reverse("accounts:invitation", args=[key])
        day = date_format(localtime(invitation.expires_at), "DATE_FORMAT")
        works_once = _("The link is for you alone, works once, and until %(day)s.") % {"day": day}
        ignore = _("If you do not know why you get this, ignore it: nothing happens without you.")
        signed = f"{current_site().name}\n{urlsplit(settings.SITE_URL).netloc}"
        paragraphs = [_("Hello,"), *greeting(invitation), link, works_once, ignore, signed]
        body = "\n\n".join(paragraphs) + "\n"
        mail.row_of(mail.key_of("invitation", key), invitation.email, _("You are invited"), body).save()


def greeting(invitation):
    inviter = invitation.invited_by
    if inviter is not None and inviter.display_name:
        named = {"name": inviter.display_name, "site": current_site().name}
        yield _("%(name)s invites you to %(site)s.") % named
    else:
        yield _("You are invited to %(site)s.") % {"site": current_site().name}
    yield _(
        "There, people who run communities tell what they tried and what came of it, and find what "
        "worked for others. To accept, open this page:"
    )
