"""Do what is due: send mails, and once a day look after what time alone changes (`manage.py work`)."""

import logging
import signal
import subprocess
import sys
import threading
from time import monotonic

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import IntegrityError, InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from accounts import mail
from accounts.models import Invitation, Notification, OutgoingMail, RateLimit
from experiences.models import Redaction, ReportReads
from experiences.reads.sums import store_reads
from experiences.tasks.follow_up_reminders import send_follow_up_reminders
from experiences.tasks.review_reminders import send_review_reminders
from experiences.text_index.files import Unreadable
from experiences.text_index.index import IndexIsBeingMade
from practices.figures.counting import make_due_figures
from practices.models import Clustering, PracticeReads, PracticeRedaction
from practices.tasks import ageing, monthly_notifications
from practices.tasks.search_alerts import send_search_alerts
from practices.tasks.vectors import make_vectors

SHORTEST_REST, LONGEST_REST = 1, 30  # seconds
LOOKS_EVERY = 600  # seconds between looks at whether what takes long is due
ALERTS_EVERY = 60  # seconds between looks at what is new in kept searches
SUMS_EVERY = 60  # seconds between looks at how often pages were read, and at whether figures are due
READS = {"report": ReportReads, "practice": PracticeReads}
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Send the e-mails that wait, tell members what is new in the searches they keep and, once a day, ask "
        "what has become of reports, group them for the desk, remind curators of those that wait, flag "
        "practices whose evidence has grown old and erase what was withheld long ago; add up how often pages "
        "were read, make the figures of the site, and clear the files of search of what is gone; until "
        "stopped. Several workers may run side by side."
    )
    is_new = True  # and has not looked yet for what older versions did not derive
    day = None
    looked = grouping = indexing = None
    alerts_looked = alerts_of = None
    summed = None

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *, once, **options):
        if once:
            self.do_what_is_due()
            call_command("cluster_reports", if_due=True, stdout=self.stdout)
            call_command("rebuild_index", search=True, if_due=True, stdout=self.stdout)
            return
        self.stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopped.set())
        rest = 0
        while not self.stopped.wait(rest):
            rest = self.turn(rest)
        for process in filter(None, (self.grouping, self.indexing)):
            process.terminate()

    def turn(self, rest):
        """Do what is due; return how long to rest, which grows while the database is out of reach."""
        try:
            close_old_connections()
            if self.is_new:
                call_command("rebuild_index", missing=True, stdout=self.stdout)
                self.is_new = False
            self.do_what_is_due()
            self.look_after_large_things()
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
            send_follow_up_reminders()
            send_review_reminders()
            ageing.flag_the_aged()
            ageing.end_lowering()
            ageing.apply_new_rule()
            monthly_notifications.notify_of_last_month()
            OutgoingMail.objects.forget_old()
            Invitation.objects.forget_old()
            Notification.objects.forget_old()
            RateLimit.objects.ended().delete()
            Redaction.objects.forget_old()
            PracticeRedaction.objects.forget_old()
            self.day = timezone.localdate()
        self.begin_alerts()
        # Vectors after mails, a few at a time: each mail that comes meanwhile goes first.
        while any([self.look_into_searches(), mail.send_due()]) or make_vectors():
            if getattr(self, "stopped", None) and self.stopped.is_set():
                return
        self.sum_up()

    def sum_up(self):
        """Add up how often pages were read, and make the figures of the site where they are due."""
        if self.summed is None or monotonic() - self.summed >= SUMS_EVERY:
            self.summed = monotonic()
            try:
                store_reads(READS)
            except IntegrityError as error:  # A report was erased meanwhile; the next time it is left out.
                logger.error("Reads could not be added up: %s", error)
            make_due_figures()

    def begin_alerts(self):
        """Have all kept searches that are due looked into as of now, unless they were a moment ago."""
        if self.alerts_looked is None or monotonic() - self.alerts_looked >= ALERTS_EVERY:
            self.alerts_looked, self.alerts_of = monotonic(), timezone.now()

    def look_into_searches(self):
        """Look into a chunk of them; return how many there were. No other mail waits for what fails here."""
        try:
            number = send_search_alerts(self.alerts_of) if self.alerts_of else 0
        except (Unreadable, IndexIsBeingMade, OSError) as error:
            logger.error("Kept searches could not be looked into: %s", error)
            number = 0
        self.alerts_of = self.alerts_of if number else None
        return number

    def look_after_large_things(self):
        """Group reports, and make the files of search again, where it is due: each in a process of its own.

        No mail waits for it, and its memory goes when it ends.
        """
        if self.looked is not None and monotonic() - self.looked < LOOKS_EVERY:
            return
        self.looked = monotonic()
        RateLimit.objects.ended().delete()
        if not is_at_work(self.grouping) and Clustering.last().is_due:
            self.grouping = begin("cluster_reports", "--if-due")
        if not is_at_work(self.indexing):
            self.indexing = begin("rebuild_index", "--search", "--if-due")


def begin(*command):
    """Begin a command of this project in a process of its own."""
    called = [sys.executable, settings.BASE_DIR / "manage.py", *command]
    return subprocess.Popen(called, stdout=subprocess.DEVNULL)


def is_at_work(process):
    return process is not None and process.poll() is None
