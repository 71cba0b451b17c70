"""Evidence grows old by itself: the one thing that moves an assessment without anybody doing anything."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from practices import grading
from practices.models import Evidence, Practice

B = Evidence.Bearing


def flag_the_aged():
    """Grade again the practices whose newest support has grown old; called by the worker, every day.

    Only these are loaded, and each once: from then on it is flagged. Return how many there were.
    """
    aged = list(grown_old(timezone.localdate()).order_by("pk"))
    for practice in aged:
        with transaction.atomic():
            practice.regrade(cause="time")
    return len(aged)


def grown_old(today):
    """Return the practices readers read whose support was new enough when it was last looked at."""
    support = (
        Evidence.objects.public().filter(claim__practice=OuterRef("pk"), stale=False).filter(speaks_for())
    )
    unflagged = Practice.objects.published().exclude(assessment_data__flags__icontains="ageing")
    return unflagged.filter(Exists(support), ~Exists(support.filter(newer_than(oldest_month(today)))))


def speaks_for():
    """The report supports the practice, and contradicts none of its claims: its gravest word counts."""
    against = Evidence.objects.public().filter(
        claim__version=OuterRef("claim__version"),
        report=OuterRef("report"),
        bearing=B.CONTRADICTS,
        stale=False,
    )
    return Q(bearing__in=[B.SUPPORTS, B.NUANCES]) & ~Exists(against)


def newer_than(month):
    """As `Experience.happened_on`: the end, else the beginning, else the publication."""
    ended = Q(report__ended_on__gte=month)
    started = Q(report__ended_on=None, report__started_on__gte=month)
    neither = Q(report__ended_on=None, report__started_on=None, report__published_at__date__gte=month)
    return ended | started | neither


def oldest_month(today):
    """Return the first month that is not old yet."""
    months = today.year * 12 + today.month - 1 - grading.OLD_AFTER
    return today.replace(year=months // 12, month=months % 12 + 1, day=1)
