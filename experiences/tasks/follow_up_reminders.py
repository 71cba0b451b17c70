"""Ask authors, later, what has become of what they tried: called by the worker, every day."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from experiences import notifications
from experiences.models import Experience, FollowUp, LogLine

HALF_A_YEAR, LATELY = timedelta(days=183), timedelta(days=90)
TOO_LATE = HALF_A_YEAR + timedelta(days=60)


def send_follow_up_reminders():
    """Ask each of those authors once, and note in the report's log that it was done."""
    for report in reports_to_ask_about().select_related("author").defer("html", *Experience.TEXTS):
        mail = notifications.mail_to(report.author, notifications.still_holds, report, timezone.localdate())
        try:
            with transaction.atomic():
                mail.save(force_insert=True)
                report.log.create(verb="asked", before=report.status, after=report.status)
        except IntegrityError:  # Another worker has just asked.
            continue


def reports_to_ask_about():
    """Return the published reports whose author is to be asked today, and wants to be."""
    reports = Experience.objects.published().filter(author__is_active=True)
    return reports.exclude(author__notices=User.Notices.NONE).filter(month_has_come() | is_half_a_year_old())


def month_has_come():
    """The month to look again has come; nobody asked or told since."""
    asked = asked_or_told_since(day=OuterRef("follow_up_on"))
    return Q(follow_up_on__lte=timezone.localdate()) & ~asked


def is_half_a_year_old():
    """Published half a year ago; nobody asked or told in the last months."""
    now = timezone.now()
    of_that_age = Q(published_at__lte=now - HALF_A_YEAR, published_at__gt=now - TOO_LATE)
    return of_that_age & ~asked_or_told_since(day=(now - LATELY).date())


def asked_or_told_since(day):
    asked = LogLine.objects.filter(report=OuterRef("pk"), verb="asked", at__date__gte=day)
    told = FollowUp.objects.filter(report=OuterRef("pk"), told_on__gte=day)
    return Q(Exists(asked) | Exists(told))
