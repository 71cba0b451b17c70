"""Remind curators of reports that have waited too long: called by the worker, every day."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Notification, OutgoingMail, User
from experiences import notifications
from experiences.models import Experience, LogLine
from experiences.review_queue import LATE_AFTER, days_waited


def send_review_reminders():
    """Write to each curator one mail about all that is late, whenever a report has become so, or again."""
    late = list(late_reports())
    due = {report.pk: report for report in late if report.reminders < days_waited(report) // LATE_AFTER}
    reminded, mails, told = set(), [], []
    for curator in User.objects.who_may("experiences.review_experience"):
        theirs = [report for report in late if report.author_id != curator.pk]
        new = [report for report in theirs if report.pk in due]
        if not new:
            continue
        said = (curator, theirs, new, max(map(days_waited, theirs)))
        if curator.wants_notice(waiting=True, kind=Notification.Kind.REVIEW):
            mails.append(notifications.reminder_mail(*said))
            reminded |= {report.pk for report in new}
        if curator.wants_on_site(Notification.Kind.REVIEW):
            told.append(said)  # Once for what is new: only e-mails come again.
    try:
        with transaction.atomic():
            OutgoingMail.objects.bulk_create(mails)
            for said in told:
                notifications.notify_overdue(*said)
            LogLine.objects.bulk_create(log_line(due[pk]) for pk in sorted(reminded))
    except IntegrityError:  # Another worker has just reminded them.
        return


def late_reports():
    """Return what has waited too long, with how often curators were reminded of it since it was sent."""
    since = timezone.now() - timedelta(days=LATE_AFTER)
    reminders = Count("log", filter=Q(log__verb="reminded", log__at__gte=F("submitted_at")))
    late = Experience.objects.waiting().filter(submitted_at__lte=since).annotate(reminders=reminders)
    return late.defer("html", *Experience.TEXTS)


def log_line(report):
    return LogLine(report=report, verb="reminded", before=report.status, after=report.status)
