"""Who is told, by e-mail, that a practice lives on: someone tried it, or its grade moved.

Its curators and the authors of its evidence, if they chose to hear of all that happens; at most once
a day for each practice. These mails inform: nothing waits for whoever gets them.

An author who withholds their name is not told of a practice at all: a mail that names it, or that
comes on the day of what it tells, would tie their mailbox to the report. Once a month they learn that
something moved somewhere.
"""

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import OutgoingMail, User
from experiences.models import Experience
from experiences.notifications import letter
from practices.models.evidence import Evidence
from practices.models.log import LogLine, named
from practices.models.trial import Trial

# Nobody's doing, or an operator's: told in the log alone.
UNTOLD = ("recomputed", "time")


# --- Called by the verbs, in their transaction ---------------------------------------------------


def tried(practice, trial):
    """Tell that someone tried it, unless they have just been told what that did to the grade."""
    tell(practice, has_been_tried, known_to=trial.by)


def moved(practice, before, cause, *, known_to=None):
    """Tell that the grade readers know has moved."""
    begins = cause == "published" and practice.current.number == 1
    if practice.is_open_to_readers and not begins and cause not in UNTOLD:
        tell(practice, has_moved, known_to=known_to, before=before)


def tell(practice, wording, known_to=None, **facts):
    """Queue one mail for each of those it concerns; the first of the day stands for all."""
    OutgoingMail.objects.bulk_create(
        [
            letter(member, key_of(practice, member), wording, practice, **facts)
            for member in concerned(practice)
            if member != known_to
        ],
        ignore_conflicts=True,
    )


def key_of(practice, member):
    return mail.key_of("practice", practice.pk, member.pk, timezone.localdate())


# --- Whom it concerns ------------------------------------------------------------------------------


def concerned(practice):
    """Return the members to tell: who worked on it as curators, and who feeds it under their name."""
    curators = User.objects.who_may("practices.curate_practice").filter(worked_on(practice))
    authors = User.objects.filter(
        pk__in=feeding(Experience.Identity.NAMED, practice).values("report__author")
    )
    return {
        member.pk: member
        for members in (curators, authors)
        for member in members.filter(notices=User.Notices.ALL, is_active=True)
    }.values()


def worked_on(practice):
    logged = practice.log.exclude(verb="graded").values("by")
    cited = Evidence.objects.filter(claim__practice=practice).values("cited_by")
    return (
        Q(pk=practice.created_by_id)
        | Q(pk__in=logged)
        | Q(pk__in=cited)
        | Q(pk__in=practice.editors.values("pk"))
    )


def feeding(identity, *practices):
    """Return the evidence that counts for `practices`, of reports told with or without a name."""
    standing = Evidence.objects.public().filter(stale=False, report__identity=identity)
    return standing.filter(claim__practice__in=practices, report__author__isnull=False)


# --- Once a month, by the worker -------------------------------------------------------------------


def tell_of_last_month():
    """Tell authors without a name that a practice one of their reports feeds moved last month; once."""
    ends = timezone.localdate().replace(day=1)
    begins = (ends - timedelta(days=1)).replace(day=1)
    evidence = feeding(Experience.Identity.WITHHELD, *moved_between(begins, ends))
    authors = User.objects.filter(pk__in=evidence.values("report__author"))
    letters = [
        letter(member, mail.key_of("practices-of-the-month", member.pk, begins), has_news)
        for member in authors.filter(notices=User.Notices.ALL, is_active=True)
    ]
    OutgoingMail.objects.bulk_create(letters, ignore_conflicts=True)


def moved_between(begins, ends):
    """Return the keys of the practices that were tried, or graded otherwise, from one day to another."""
    graded = LogLine.objects.public().filter(verb="graded", at__date__gte=begins, at__date__lt=ends)
    tried_then = Trial.objects.filter(tried_on__gte=begins, tried_on__lt=ends)
    moves = graded.exclude(before=F("after")).exclude(cause__in=UNTOLD)
    return {*moves.values_list("practice", flat=True), *tried_then.values_list("practice", flat=True)}


# --- The notices: (subject, paragraphs…, path) -----------------------------------------------------


def has_been_tried(practice):
    words = practice.current
    return (
        _("Someone tried “%(title)s”") % {"title": words.title},
        _("A member tells what came of a practice that you worked on, or that quotes your report. The grade stayed as it was."),
        f"{practice.get_absolute_url()}#trials",
    )  # fmt: skip


def has_moved(practice, before):
    words = practice.current
    told = {"before": named(f"G{before}"), "after": named(f"G{practice.grade}")}
    return (
        _("The grade of “%(title)s” has moved") % {"title": words.title},
        _("It is a practice that you worked on, or that quotes your report. The grade moved from %(before)s to %(after)s.")
        % told,
        f"{practice.get_absolute_url()}#past",
    )  # fmt: skip


def has_news():
    return (
        _("News of practices that quote you"),
        _("Last month, someone tried a practice that uses one of your reports, or its grade moved."),
        _("Each of “My reports” says which practices use it. As you withhold your name, no mail says more."),
        reverse("experiences:mine"),
    )
