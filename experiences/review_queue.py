"""The reports that wait for a curator: which comes next, and how long it usually takes."""

from datetime import timedelta
from math import ceil
from statistics import median

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

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
