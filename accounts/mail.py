"""E-mail: written to the database inside a request, sent by the worker outside it.

So a mail leaves if, and only if, what it tells of was stored; and no request waits for a mail server.
"""

import logging
import secrets
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation
from django.utils.crypto import salted_hmac

from accounts import unsubscribing
from accounts.models import OutgoingMail, current_site

MOST_AT_ONCE = 20
logger = logging.getLogger(__name__)


class Outbox(BaseEmailBackend):
    """The e-mail backend of requests: what Django and allauth send is queued."""

    def send_messages(self, email_messages):
        rows = [row for message in email_messages for row in rows_of(message)]
        OutgoingMail.objects.bulk_create(rows)
        return len(email_messages)


def rows_of(message):
    """Return one row for each recipient of an EmailMessage."""
    if message.attachments:
        raise ValueError("The outbox holds plain text only: offer a link instead of an attachment.")
    to = [parseaddr(recipient)[1] for recipient in message.recipients()]
    return [row_of(secrets.token_hex(32), one, message.subject, message.body) for one in to]


def row_of(key, recipient, subject, body, *, is_notice=False, stop_path=""):
    """Return an unsaved mail in the language that is spoken now; `is_notice`: they may choose none;
    `stop_path`: where such mails are stopped, if not with all notices.
    """
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    subject = " ".join(subject.splitlines()).strip()[:300]
    said = {"language": language, "subject": subject, "body": body}
    return OutgoingMail(key=key, recipient=recipient, is_notice=is_notice, stop_path=stop_path, **said)


def key_of(*facts):
    """Return a key that is the same for the same `facts`, and tells them to nobody."""
    return salted_hmac("accounts.mail", "\n".join(map(str, facts)), algorithm="sha256").hexdigest()


# --- Sending, in the worker --------------------------------------------------------------------


def send_due():
    """Send what is due and no other worker has taken; return how many were tried."""
    due = list(OutgoingMail.objects.due()[:MOST_AT_ONCE])
    return sum(send(mail) for mail in due if mail.lease())


def send(mail):
    """Try to send a mail that was leased; whatever goes wrong is tried again later."""
    try:
        message_of(mail).send()
    except Exception as error:  # Mail servers fail in more ways than their library names.
        again = mail.mark_failed()
        # The error itself may quote the address.
        said = "will be tried again" if again else "is given up"
        level = logging.WARNING if again else logging.ERROR
        logger.log(
            level, "E-mail %s %s after attempt %s: %s", mail.pk, said, mail.attempts, type(error).__name__
        )
    else:
        mail.mark_sent()
    return True


def message_of(mail):
    headers = {
        # The same at each attempt, so that a mailbox may drop a second copy.
        "Message-ID": f"<{mail.key[:32]}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
        **unsubscribing.headers_for(mail),
    }
    transport = get_connection(settings.EMAIL_TRANSPORT)
    return EmailMessage(
        mail.subject, mail.body, sender(), [mail.recipient], headers=headers, connection=transport
    )


def sender():
    """Return from whom mails come: under the name of the site, unless the environment gives another."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((current_site().name if name in ("", "Retex") else name, address))
