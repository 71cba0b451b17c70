"""Ask authors, later, what has become of what they tried: called by the worker, every day."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from experiences import notifications
from experiences.models import Experience, FollowUp, LogLine

HALF_A_YEAR, LATELY = timedelta(days=183), timedelta(days=90)
TOO_LATE = HALF_A_YEAR + timedelta(days=60)


def send_follow_up_reminders():
    """Ask each of those authors once: by e-mail, which the report's log notes, and on the site."""
    due = reports_to_ask_about().select_related("author").defer("html", *Experience.TEXTS)
    for report in due:
        kind = notifications.KINDS[notifications.still_holds]
        if report.author.wants_notice(waiting=True, kind=kind):
            ask_by_mail(report)
        # Whoever wants no e-mail is asked here alone, day after day what is the same and told once.
        notifications.notify_on_site([report.author], notifications.still_holds, report, occasion_of(report))


def ask_by_mail(report):
    mail = notifications.mail_to(report.author, notifications.still_holds, report, timezone.localdate())
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
            report.log.create(verb="asked", before=report.status, after=report.status)
    except IntegrityError:  # Another worker has just asked.
        return


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
