"""The one mail that tells authors without a name of practices: once a month, and naming none."""

from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import User
from experiences.models import Experience
from practices.models import LogLine, Trial
from practices.models.practice.recipients import counted_evidence
from practices.notifications import SILENT_CAUSES, queue_mails


def notify_of_last_month():
    """Tell authors without a name that a practice one of their reports feeds moved last month; once."""
    end = timezone.localdate().replace(day=1)
    start = (end - timedelta(days=1)).replace(day=1)

    def key_of(member):
        return mail.key_of("practices-of-the-month", member.pk, start)

    evidence = counted_evidence(moved_practices(start, end), identity=Experience.Identity.WITHHELD)
    authors = User.objects.filter(pk__in=evidence.values("report__author"))
    queue_mails(authors.filter(notices=User.Notices.ALL, is_active=True), key_of, month_text)


def moved_practices(start, end):
    """Return the keys of practices tried, or graded otherwise, from the day `start` until before `end`."""
    graded = LogLine.objects.public().filter(verb="graded", at__date__gte=start, at__date__lt=end)
    trials = Trial.objects.shown().filter(tried_on__gte=start, tried_on__lt=end)
    moves = graded.exclude(before=F("after")).exclude(cause__in=SILENT_CAUSES)
    return {*moves.values_list("practice", flat=True), *trials.values_list("practice", flat=True)}


def month_text():
    """Return (subject, paragraphs…, path) of the mail."""
    return (
        _("News of practices that quote you"),
        _("Last month, someone tried a practice that uses one of your reports, or its grade moved."),
        _("Each of “My reports” says which practices use it. As you withhold your name, no mail says more."),
        reverse("experiences:mine"),
    )
