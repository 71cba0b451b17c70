"""Ask authors, later, what has become of what they tried: called by the worker, every day."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from experiences import notifications
from experiences.models import Experience, FollowUp, LogLine
from experiences.notifications.wordings import KINDS, still_holds

HALF_A_YEAR, LATELY = timedelta(days=183), timedelta(days=90)
TOO_LATE = HALF_A_YEAR + timedelta(days=60)


def send_follow_up_reminders():
    """Ask each of those authors once, by e-mail and on the site, as they chose; the report's log notes it."""
    due = reports_to_ask_about().select_related("author").defer("html", *Experience.TEXTS)
    for report in due.iterator():
        kind = KINDS[still_holds]
        by_mail = report.author.wants_notice(waiting=True, kind=kind)
        if by_mail or report.author.wants_on_site(kind):
            ask(report, by_mail)


def ask(report, by_mail):
    day = timezone.localdate()
    with transaction.atomic():
        Experience.objects.select_for_update().filter(pk=report.pk).first()
        if report.log.filter(verb="asked", at__date=day).exists():  # Another worker has just asked.
            return
        if by_mail:
            notifications.mail_to(report.author, still_holds, report, day).save(force_insert=True)
        notifications.notify_on_site([report.author], still_holds, report, occasion_of(report))
        report.log.create(verb="asked", before=report.status, after=report.status)


def occasion_of(report):
    """Return for what it is asked about: the month to look again, or the half-year since it was published."""
    month = report.follow_up_on
    return month if month and month <= timezone.localdate() else "half-year"


def reports_to_ask_about():
    """Return the published reports whose author is to be asked today."""
    reports = Experience.objects.published().filter(author__is_active=True)
    return reports.filter(month_has_come() | is_half_a_year_old())


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
