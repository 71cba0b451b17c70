"""Count what the figures say: by the worker, as none of it is counted while anyone waits."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from experiences.models import Experience, LogLine, Question
from experiences.text.organisations import organisation_key
from practices.models import Figures, Practice, PracticeVersion, Trial
from practices.models import LogLine as PracticeLogLine
from practices.models.practice.content import Grade
from practices.models.same_organisation import same_keys

MONTHS = 12
LEAST = 5  # Of what is not public one by one, a smaller number is not said.
EVERY = timedelta(hours=1)


def make_figures():
    """Count all of it again, and store it."""
    Figures.objects.store(figures(timezone.localdate()))


def make_due_figures():
    """Do so if the last are an hour old."""
    last = Figures.objects.latest_made()
    if last is None or last.made_at <= timezone.now() - EVERY:
        make_figures()


def figures(today):
    """Return the figures as they are on the day `today`."""
    reports = Experience.objects.published()
    practices = once(Practice.objects.published())
    questions = answered()
    return {
        "reports": reports.count(),
        "organisations": at_least(organisations(reports)),
        "practices": practices.count(),
        "grades": grades(practices),
        "trials": trials().count(),
        "questions_answered": questions.count(),
        "days_to_publication": days_until("published"),
        "days_to_return": days_until("returned"),
        "months": months(today, reports, questions),
    }


def once(practices):
    """Return each of `practices` once, in however many languages it can be read, as lists show it."""
    return practices.exclude(translation_of__in=practices.values("pk"))


def at_least(number):
    """Return a number of what is not public one by one, or None where it is too small to be said."""
    return number if number >= LEAST else None


def answered():
    """Return the answered questions that readers find under published reports."""
    return Question.objects.shown().filter(
        answered_on__isnull=False, report__status=Experience.Status.PUBLISHED
    )


def trials():
    """Return the trials that readers read."""
    return Trial.objects.shown().filter(practice__in=Practice.objects.public().values("pk"))


def organisations(reports):
    """Return from how many organisations reports are told under a name, as grading joins their names."""
    named = reports.filter(identity=Experience.Identity.NAMED, author__isnull=False).exclude(organisation="")
    keys = {organisation_key(name) for name in named.values_list("organisation", flat=True).distinct()}
    return len({key for key in same_keys(sorted(keys)) if key})


def grades(practices):
    found = dict(practices.order_by().values_list("grade").annotate(number=Count("pk", distinct=True)))
    return {f"G{grade}": found.get(grade, 0) for grade in Grade.values}


def days_until(verb):
    """Return the median of days from when a report was sent until a curator did this, of the last year; None
    of fewer than five. Of reports told under a name alone.
    """
    since = timezone.now() - timedelta(days=365)
    lines = LogLine.objects.filter(
        verb__in=("submitted", "published", "returned"),
        report__identity=Experience.Identity.NAMED,
        report__author__isnull=False,
        at__gte=since,
    )
    told = lines.order_by("report", "pk").values_list("report", "verb", "after", "at")
    waits = [
        (at - sent_at).days
        for (one, sent, state, sent_at), (other, done, _after, at) in pairwise(told.iterator())
        if (one, sent, state, done) == (other, "submitted", Experience.Status.SUBMITTED, verb)
    ]
    return round(median(waits)) if len(waits) >= LEAST else None


def months(today, reports, questions):
    """Return what was new in each of the last months, the present one last."""
    first = month_before(today, MONTHS - 1)
    start = datetime(first.year, first.month, 1, tzinfo=UTC)
    public = Practice.objects.public().values("pk")
    graded = once(Practice.objects.public()).values("pk")
    moved = PracticeLogLine.objects.public().filter(verb="graded", practice__in=graded, at__gte=start)
    up, down = [moves_by_month(moved, up=up) for up in (True, False)]
    versions = PracticeVersion.objects.filter(practice__in=public)
    counted = {
        "reports": by_month(reports.filter(published_at__gte=start), "published_at"),
        "versions": by_month(versions.filter(published_at__gte=start), "published_at"),
        "grades_up": up,
        "grades_down": down,
        "trials": by_month(trials().filter(tried_on__gte=first), "tried_on"),
        "questions_answered": by_month(questions.filter(answered_on__gte=first), "answered_on"),
    }
    names = [f"{month_before(today, ago):%Y-%m}" for ago in reversed(range(MONTHS))]
    return [{"month": name} | {what: found.get(name, 0) for what, found in counted.items()} for name in names]


def by_month(rows, column):
    found = rows.order_by().annotate(month=TruncMonth(column)).values_list("month")
    return {f"{month:%Y-%m}": number for month, number in found.annotate(number=Count("pk", distinct=True))}


def moves_by_month(lines, *, up):
    """Return {month: how often a grade rose, or fell}: grades are compared as their codes are, G0 to G4."""
    found = {}
    for at, before, after in lines.values_list("at", "before", "after"):
        if before != after and (after > before) == up:
            name = f"{timezone.localtime(at):%Y-%m}"
            found[name] = found.get(name, 0) + 1
    return found


def month_before(day, number):
    months = day.year * 12 + day.month - 1 - number
    return day.replace(year=months // 12, month=months % 12 + 1, day=1)
