import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from accounts import mail
from accounts.models import OutgoingMail
from experiences import asking, reviewing
from experiences.models import Redaction
from practices import ageing, telling

SHORTEST_REST, LONGEST_REST = 1, 30  # seconds
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the e-mails that wait and, once a day, ask what has become of reports, remind curators of those that wait, flag practices whose evidence has grown old and erase what was withheld long ago; until stopped. Several workers may run side by side."
    day = None

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *, once, **options):
        if once:
            self.do_what_is_due()
            return
        self.stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopped.set())
        rest = 0
        while not self.stopped.wait(rest):
            rest = self.turn(rest)

    def turn(self, rest):
        """Do what is due; return how long to rest, which grows while the database is out of reach."""
        try:
            close_old_connections()
            self.do_what_is_due()
        except (OperationalError, InterfaceError) as error:
            connection.close()
            rest = min(max(2 * rest, SHORTEST_REST), LONGEST_REST)
            logger.error(
                "The database is out of reach (%s): the worker waits %s s.", type(error).__name__, rest
            )
            return rest
        return SHORTEST_REST

    def do_what_is_due(self):
        if self.day != timezone.localdate():
            asking.ask()
            reviewing.remind()
            ageing.flag_the_aged()
            telling.tell_of_last_month()
            OutgoingMail.objects.forget_old()
            Redaction.objects.forget_old()
            self.day = timezone.localdate()
        while mail.send_due():
            if getattr(self, "stopped", None) and self.stopped.is_set():
                return
