"""What members are told of practices, by e-mail and on the site; as experiences/notifications/ does.

The two people who publish a practice are told of each step. Its curators and the authors of its
evidence, if they chose to hear of all that happens, are told that someone tried it or that its grade
moved; at most once a day for each practice. Nothing is told to whoever did it.

An author who withholds their name is not told of a practice at all: a mail that names it, or that
comes on the day of what it tells, would tie their mailbox to the report. Once a month they learn that
something moved somewhere: tasks/monthly_notifications.py. On the site, which nobody else reads, they are told
as the others are; and so is who follows the practice, unless what moved its grade is told by its month alone.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import mail
from accounts.models import Notification, OutgoingMail, User
from experiences.notifications import compose_mail

# Causes of a moved grade that are nobody's doing, or an operator's: they stand in the log alone.
SILENT_CAUSES = ("recomputed", "time", "rule", "review-due")
Kind = Notification.Kind

# What a moderator decided: the subject, and what it means for whoever worked on it.
DECISIONS = {
    "hidden": (
        gettext_lazy("“%(title)s” is hidden"),
        gettext_lazy(
            "A moderator hid this practice until more is known. Readers find it nowhere meanwhile; nothing "
            "of it is lost."
        ),
    ),
    "removed": (
        gettext_lazy("“%(title)s” is taken down"),
        gettext_lazy(
            "A moderator removed this practice. Readers find it nowhere any more; nothing of it is lost. "
            "When a new version of it is published, a moderator reads that before anyone else does."
        ),
    ),
    "kept": (
        gettext_lazy("“%(title)s” can be read again"),
        gettext_lazy("A moderator let this practice stand again: it is public as it was."),
    ),
    "claim-removed": (
        gettext_lazy("A claim of “%(title)s” is removed"),
        gettext_lazy(
            "A moderator removed a claim of this practice: it stands in no version any more, and its "
            "evidence does not count. You find it marked in the working copy."
        ),
    ),
    "claim-kept": (
        gettext_lazy("A claim of “%(title)s” stands again"),
        gettext_lazy("A moderator let a claim of this practice stand again, wherever it stood."),
    ),
}


# --- Called by the verbs, in their transaction ---------------------------------------------------


def notify_submission(practice, *, by):
    """Tell the curators who may publish it: those who edited it since its last version may not."""
    Notification.objects.settle(str(practice.pk), "practice-came_back")
    curators = User.objects.who_may("practices.curate_practice")
    curators = curators.exclude(pk__in=practice.editors.values("pk"))
    _tell_of_review("to_be_judged", submission_text, curators, practice, by, kind=Kind.REVIEW, waiting=True)


def notify_return(practice, note, *, by):
    """Tell those who edited it that it came back from review, and why."""
    Notification.objects.settle(str(practice.pk), "practice-to_be_judged")
    facts = {"kind": Kind.RETURNED, "note": note, "comments": practice.comments.open().count()}
    _tell_of_review("came_back", return_text, practice.editors.all(), practice, by, waiting=True, **facts)


def notify_publication(practice, *, by):
    """Tell those who edited it that it is published."""
    Notification.objects.settle(str(practice.pk), "practice-to_be_judged")
    _tell_of_review("is_public", publication_text, practice.editors.all(), practice, by, kind=Kind.PUBLISHED)


def notify_redaction(practice, members, note, *, by):
    """Tell those who worked on it that a moderator withheld words of it."""
    facts = {"kind": Kind.DECISION, "note": note}
    _tell_of_review("lost_words", redaction_text, members, practice, by, waiting=True, **facts)


def notify_decision(practice, verb, members, note, *, by):
    """Tell those who worked on it that a moderator took it or a claim of it down, or let it stand again."""
    facts = {"kind": Kind.DECISION, "verb": verb, "note": note}
    _tell_of_review(f"moderator-{verb}", decision_text, members, practice, by, waiting=True, **facts)


def notify_citations(practice, evidence, *, by):
    """Tell the authors of the reports in `evidence` that a practice cites them now, in whatever language."""
    rows, family = [], practice.translation_of_id or practice.pk
    for report in {row.report.pk: row.report for row in evidence}.values():
        author = report.author
        if author is None or author == by:
            continue
        key = mail.key_of("cited", report.public_id, family, author.pk)
        if not report.is_withheld and author.wants_notice(waiting=False, kind=Kind.CITED):
            queue_mails([author], lambda _author, key=key: key, citation_text, practice, report=report)
        if author.wants_on_site(Kind.CITED):
            said = {"about": report.public_id, "facts": {"practice": practice.pk}}
            rows.append(Notification(member=author, name="cited", kind=Kind.CITED, key=key, **said))
    Notification.objects.add(rows)


def notify_trial(practice, trial):
    """Tell that someone tried it, unless they have just been told what that did to the grade."""
    if practice.is_open_to_readers:
        _tell_daily("tried", practice, trial_text, known_to=trial.by)


def notify_grade(practice, before, cause, *, known_to=None):
    """Tell that the grade readers know has moved. Who follows it hears of it by the alert of that search."""
    begins = cause == "published" and practice.current.number == 1
    if practice.is_open_to_readers and not begins and cause not in SILENT_CAUSES:
        _tell_daily("moved", practice, grade_text, known_to=known_to, before=before)


# --- The queue -------------------------------------------------------------------------------------


def queue_mails(members, key_of, text, *about, **facts):
    """Queue one mail for each of `members`, unless one with its key is queued already."""
    mails = [compose_mail(member, key_of(member), text, *about, **facts) for member in members]
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)


def _tell_of_review(name, text, members, practice, by, *, kind, waiting=False, **facts):
    """Tell `text` to `members`, but `by`; once for each state of the practice.

    `waiting` says that something waits for whoever gets it; other mails only inform. `name` never
    changes: it stands in the keys of mails that are queued already.
    """

    def key_of(member):
        return mail.key_of(name, practice.slug, practice.edit_version, member.pk)

    members = list(members.exclude(pk=by.pk))
    wanting = [member for member in members if member.wants_notice(waiting=waiting, kind=kind)]
    queue_mails(wanting, key_of, text, practice, **facts)
    Notification.objects.tell(members, f"practice-{name}", kind=kind, key_of=key_of, about=str(practice.pk))


def _tell_daily(name, practice, text, *, known_to=None, **facts):
    """Tell `text` to whom the practice concerns, but `known_to`; the first mail of the day stands for all."""
    day = timezone.localdate()

    def key_of_mail(member):
        return mail.key_of("practice", practice.pk, member.pk, day)

    def key_of(member):
        return mail.key_of(name, practice.pk, practice.grade, member.pk, day)

    concerned = {member.pk: member for member in practice.recipients()}
    members = [member for member in concerned.values() if member != known_to]
    wanting = [member for member in members if member.wants_notice(waiting=False, kind=Kind.PRACTICE)]
    queue_mails(wanting, key_of_mail, text, practice, **facts)
    withheld = practice.withheld_authors().exclude(pk__in=concerned)
    others = [member for member in withheld if member != known_to]
    said = {"about": str(practice.pk)} | (
        {"before": facts["before"], "after": practice.grade} if facts else {}
    )
    Notification.objects.tell([*members, *others], name, kind=Kind.PRACTICE, key_of=key_of, **said)


# --- The texts: (subject, paragraphs…, path) -------------------------------------------------------


def submission_text(practice):
    return (
        _("“%(title)s” waits for a second curator") % {"title": practice.title},
        _(
            "Another curator sent this practice to review. Publish it, or return it with a sentence and "
            "with comments beside its claims."
        ),
        _workbench_path(practice),
    )


def return_text(practice, note, comments):
    beside = ngettext(
        "%(n)s comment beside the claims is not settled yet.",
        "%(n)s comments beside the claims are not settled yet.",
        comments,
    )
    return (
        _("“%(title)s” came back from review") % {"title": practice.title},
        _("Another curator returned this practice, which you have edited, and says what to change:"),
        note.strip(),
        *([beside % {"n": comments}] if comments else []),
        _workbench_path(practice),
    )


def publication_text(practice):
    sentence = _("Version %(number)s of this practice, which you have edited, can be read by everybody now.")
    return (
        _("“%(title)s” is published") % {"title": practice.title},
        sentence % {"number": practice.current.number},
        practice.get_absolute_url(),
    )


def redaction_text(practice, note):
    return (
        _("Words in “%(title)s” are withheld") % {"title": practice.title},
        _(
            "A moderator put “[withheld]” in the place of words in this practice and in its versions. "
            "Please read whether it still says what it should. The reason given:"
        ),
        note.strip(),
        practice.get_absolute_url(),
    )


def decision_text(practice, verb, note):
    subject, said = DECISIONS[verb]
    reason = [_("The reason given:"), note.strip()] if note.strip() else []
    return subject % {"title": practice.title}, str(said), *reason, _workbench_path(practice)


def trial_text(practice):
    return (
        _("Someone tried “%(title)s”") % {"title": practice.current.title},
        _(
            "A member tells what came of a practice that you worked on, or that quotes your report. "
            "The grade stayed as it was."
        ),
        f"{practice.get_absolute_url()}#trials",
    )


def citation_text(practice, report):
    return (
        _("A practice cites “%(title)s”") % {"title": report.title},
        _("Curators drew on your report, word for word, for a practice that is published now:"),
        practice.current.title,
        _("Its page shows the passages they quote, and what they say to each claim."),
        practice.get_absolute_url(),
    )


def grade_text(practice, before):
    grades = {"before": _grade_name(practice, before), "after": _grade_name(practice, practice.grade)}
    return (
        _("The grade of “%(title)s” has moved") % {"title": practice.current.title},
        _(
            "It is a practice that you worked on, or that quotes your report. "
            "The grade moved from %(before)s to %(after)s."
        )
        % grades,
        f"{practice.get_absolute_url()}#past",
    )


def _workbench_path(practice):
    return reverse("practices:workbench", args=[practice.slug])


def _grade_name(practice, number):
    return f"G{number} {practice.Grade(number).label}"
