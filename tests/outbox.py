"""The mails that the worker sends, where tests read them."""

from io import StringIO

from django.core import mail
from django.core.management import call_command


def run_worker():
    """Let the worker do what is due; return the mails it sent."""
    before = len(mail.outbox)
    call_command("work", once=True, stdout=StringIO())
    return mail.outbox[before:]
