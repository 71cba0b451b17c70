"""What moves a grade in time: evidence grows old, a review comes due, the rule changes."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from experiences.models import Experience
from practices import grading
from practices.grading.following import Followed
from practices.models import Claim, Evidence, Practice

B = Evidence.Bearing


def flag_the_aged():
    """Grade again the practices whose newest support has grown old; called by the worker, every day.

    Only these are loaded, and each once: from then on it is flagged. Return how many there were.
    """
    return regrade_all(grown_old(timezone.localdate()), cause="time")


def end_lowering():
    """Give back the computed grade where the review that a lowering waited for is due; every day."""
    due = Practice.objects.exclude(lowered_reason="").filter(review_due_on__lte=timezone.localdate())
    number = regrade_all(due, cause="review-due")
    due.update(lowered_reason="")
    return number


def apply_new_rule():
    """Grade again what an earlier version of the rule judged; every day."""
    graded = Practice.objects.filter(current__isnull=False).exclude(assessment_data={})
    return regrade_all(graded.exclude(assessment_data__rule_version=grading.RULE_VERSION), cause="rule")


def regrade_all(practices, *, cause):
    """Grade `practices` again, each in a transaction of its own; return how many there were."""
    found = list(practices.order_by("pk"))
    for practice in found:
        with transaction.atomic():
            practice.regrade(cause=cause)
    return len(found)


def grown_old(today):
    """Return the practices readers read whose support was new enough when it was last looked at."""
    support = (
        Evidence.objects.public().filter(claim__practice=OuterRef("pk"), stale=False).filter(speaks_for())
    )
    unflagged = Practice.objects.published().exclude(assessment_data__flags__icontains="ageing")
    return unflagged.filter(Exists(support), ~Exists(support.filter(newer_than(oldest_month(today)))))


def speaks_for():
    """The report supports the practice by its gravest word, as grading.Fact.supports says."""
    rows = Evidence.objects.public().filter(
        claim__version=OuterRef("claim__version"), report=OuterRef("report"), stale=False
    )
    avoided = Q(followed_correction="", claim__kind=Claim.Kind.AVOID)
    followed = rows.exclude(bearing=B.ILLUMINATES).exclude(
        Q(followed_correction=Followed.NOT_FOLLOWED) | avoided
    )
    failed = Q(report__verdict__in=Experience.Verdict.FAILURES) & Exists(followed)
    return (
        Q(bearing__in=[B.SUPPORTS, B.NUANCES])
        & ~Exists(rows.filter(bearing=B.CONTRADICTS))
        & ~(Exists(rows.filter(bearing=B.NUANCES)) & failed)
    )


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
