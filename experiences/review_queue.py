"""The reports that wait for a curator: which comes next, how long it usually takes, and who is reminded."""

from datetime import timedelta
from math import ceil
from statistics import median

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import OutgoingMail, User
from experiences import notifications
from experiences.models import Experience, LogLine

LATE_AFTER = 14  # days a report may wait; then curators are reminded, and again each time as many have passed
LAST = 20  # The last so many reports that were read tell what is usual;
FEWEST = 5  # fewer tell nothing, and might tell of one report.


def days_waited(report):
    return (timezone.now() - report.submitted_at).days


def is_late(report):
    return days_waited(report) >= LATE_AFTER


# --- For the author, and for the reviewer who has read one -----------------------------------------


def place(report):
    """Return the number of a waiting report in the queue; the next to be read is number 1."""
    return Experience.objects.waiting().filter(~behind(report)).count()


def behind(report):
    """Return the condition for what was sent after `report`, or at once with it and kept later."""
    return Q(submitted_at__gt=report.submitted_at) | Q(submitted_at=report.submitted_at, pk__gt=report.pk)


def next_for(user, *, after):
    """Return what `user` may read after the report `after`: the one behind it, else the longest wait."""
    waiting = Experience.objects.visible_to(user).waiting().exclude(author=user)
    return waiting.filter(behind(after)).first() or waiting.first()


def usual_days():
    """Return within how many days a report is usually read; None while too few were."""
    sent = LogLine.objects.filter(report=OuterRef("report"), verb="submitted", pk__lt=OuterRef("pk"))
    read = LogLine.objects.filter(before=Experience.Status.SUBMITTED, verb__in=["published", "returned"])
    dated = read.annotate(sent_at=Subquery(sent.order_by("-pk").values("at")[:1])).order_by("-pk")
    waits = [line.at - line.sent_at for line in dated[:LAST] if line.sent_at]
    if len(waits) < FEWEST:
        return None
    return max(1, ceil(median(waits) / timedelta(days=1)))


# --- Called by the worker, every day ---------------------------------------------------------------


def remind():
    """Write to each curator one mail about all that is late, whenever a report has become so, or again."""
    late = list(late_reports())
    due = {report.pk: report for report in late if report.reminders < days_waited(report) // LATE_AFTER}
    told, letters = set(), []
    for curator in User.objects.who_may("experiences.review_experience"):
        theirs = [report for report in late if report.author_id != curator.pk]
        new = [report for report in theirs if report.pk in due]
        if new and curator.wants_notice(waiting=True):
            letters.append(notifications.reminder(curator, theirs, new, max(map(days_waited, theirs))))
            told |= {report.pk for report in new}
    try:
        with transaction.atomic():
            OutgoingMail.objects.bulk_create(letters)
            LogLine.objects.bulk_create(reminded(due[pk]) for pk in sorted(told))
    except IntegrityError:  # Another worker has just reminded them.
        return


def late_reports():
    """Return what has waited too long, with how often curators were reminded of it since it was sent."""
    since = timezone.now() - timedelta(days=LATE_AFTER)
    reminders = Count("log", filter=Q(log__verb="reminded", log__at__gte=F("submitted_at")))
    late = Experience.objects.waiting().filter(submitted_at__lte=since).annotate(reminders=reminders)
    return late.defer("html", *Experience.TEXTS)


def reminded(report):
    return LogLine(report=report, verb="reminded", before=report.status, after=report.status)
