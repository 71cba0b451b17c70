"""What members are told of reports: by e-mail, queued by the verbs and sent by the worker, and on the site.

A mail is in each member's own language, plain and short. Of a report whose author's name is withheld, it
says nothing at all, not even an address that would tie it to a mailbox: what there is to know stands
under “My reports”, and among the notifications on the site, which point at the report and hold no words.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import Notification, OutgoingMail, User, current_site
from experiences.notifications.wordings import (
    INFORMING,
    KINDS,
    alarm_raised,
    came_back,
    is_public,
    lost_words,
    name_removed,
    overdue,
    published_at_once,
    question_answered,
    question_asked,
    read_first,
    received,
    to_be_read,
)

MANY = 20  # Curators who have so many reports to read are not told of one more.


# --- Called by the verbs, in their transaction ---------------------------------------------------


def notify_submissions(reports):
    """Tell the author of each how many wait before, and the curators that one more waits: those sent at once
    wait one after the other.
    """
    if not reports:
        return
    for report in reports:
        settle(came_back, report)
    waiting = type(reports[0]).objects.waiting().exclude(pk__in=[report.pk for report in reports]).count()
    for others, report in enumerate(reports, waiting):
        if not report.source_id:  # An import speaks to the operator who runs it.
            queue_mails([report.author], received, report, others=others)
        if others < MANY:
            curators = User.objects.who_may("experiences.review_experience")
            queue_mails(curators.exclude(pk=report.author_id), to_be_read, report, others=others)


def notify_publication(report, is_first):
    """Tell the author; of their first report whatever they chose, as they have waited for a curator."""
    settle(to_be_read, report)
    queue_mails([report.author], is_public, report, always=is_first)


def notify_return(report, reason, note):
    settle(to_be_read, report)
    queue_mails([report.author], came_back, report, reason=reason, note=note)


def reminder_mail(curator, late, new, days):
    """Return the unsent mail about all that is `late`, the longest for `days`; the `new` make it one mail."""
    return compose_mail(curator, reminder_key(curator, new), overdue, number=len(late), days=days)


def reminder_key(curator, new):
    told = sorted(f"{report.public_id} {report.version} {report.reminders}" for report in new)
    return mail.key_of(overdue.__name__, *told, curator.pk)


def notify_overdue(curator, late, new, days):
    """Tell it on the site too."""

    def key_of(member):
        return reminder_key(member, new)

    Notification.objects.tell(
        [curator], overdue.__name__, kind=KINDS[overdue], key_of=key_of, number=len(late), days=days
    )


def notify_question(question):
    queue_mails(
        [question.report.author], question_asked, question.report, question.public_id, question=question
    )


def notify_answer(question):
    queue_mails([question.by], question_answered, question.report, question.public_id, question=question)


def notify_trust_withdrawn(report, note):
    queue_mails([report.author], read_first, report, note=note)


def notify_trust_given_back(report):
    queue_mails([report.author], published_at_once, report)


def notify_alarm(by):
    """Tell the moderators that something waits for them: the first of the day stands for all."""
    moderators = User.objects.who_may("experiences.moderate_experience")
    if by is not None:
        moderators = moderators.exclude(pk=by.pk)

    def key_of(member):
        return mail.key_of("alarms", member.pk, timezone.localdate())

    tell_members(moderators, alarm_raised, key_of)


def notify_writers(members, wording):
    """Tell whoever wrote a line what a moderator did; not in which, as it may be without their name."""
    now = timezone.now()
    tell_members(members, wording, lambda member: mail.key_of(wording.__name__, member.pk, now))


def notify_name_removed(member, note):
    """Tell a member that a moderator took their name away; the mail says nothing of what they wrote."""
    now = timezone.now()
    tell_members([member], name_removed, lambda one: mail.key_of("name-removed", one.pk, now), note=note)


def notify_redaction(report, note):
    queue_mails([report.author], lost_words, report, note=note)


# --- How a notice is written ---------------------------------------------------------------------


def queue_mails(members, wording, report, occasion=None, always=False, **facts):
    """Queue `wording` for those of `members` who want it, or for all if it comes `always`; once for each
    occasion, or state of the report.
    """
    members, occasion = [member for member in members if member is not None], occasion or report.version
    letters = [
        mail_to(member, wording, report, occasion, always=always, **facts)
        for member in members
        if member.wants_notice(waiting=wording not in INFORMING, kind=KINDS[wording], always=always)
    ]
    OutgoingMail.objects.bulk_create(letters, ignore_conflicts=True)
    if wording is not received:  # They have just sent it, and the page said so.
        question = {"question": facts["question"].public_id} if "question" in facts else {}
        notify_on_site(members, wording, report, occasion, **question)


def notify_on_site(members, wording, report, occasion, **facts):
    """Tell `members` on the site what `wording` words of a report; once for each occasion."""

    def key_of(member):
        return mail.key_of(wording.__name__, report.public_id, occasion, member.pk)

    said = {"about": report.public_id, **facts}
    Notification.objects.tell(members, wording.__name__, kind=KINDS[wording], key_of=key_of, **said)


def settle(wording, report):
    """Let nobody be told any more on the site what `wording` words: it waits no longer."""
    Notification.objects.settle(report.public_id, wording.__name__)


def tell_members(members, wording, key_of, **facts):
    """Tell `members`, by e-mail and on the site, what `wording` words of no one report."""
    members = [member for member in members if member is not None]
    letters = [
        compose_mail(member, key_of(member), wording, **facts)
        for member in members
        if member.wants_notice(waiting=True, kind=KINDS[wording])
    ]
    OutgoingMail.objects.bulk_create(letters, ignore_conflicts=True)
    Notification.objects.tell(members, wording.__name__, kind=KINDS[wording], key_of=key_of)


def mail_to(member, wording, report, occasion, **facts):
    """Return the unsent mail to `member`; one wording, report and occasion make one mail."""
    key = mail.key_of(wording.__name__, report.public_id, occasion, member.pk)
    return compose_mail(member, key, wording, report, **facts)


def compose_mail(member, key, wording, *about, always=False, stop="", **facts):
    """Return the unsent mail that says what `wording` words, in the member's language, with greeting and
    footer; `always`: it comes whatever the member chose; `stop`: where such mails are stopped apart.
    """
    with translation.override(current_site().language_for(member)):
        subject, *paragraphs, path = wording(*about, **facts)
        choose = _("Choose which of these e-mails you receive: %(url)s")
        if always:
            choose = _("This one comes whatever you chose. The choice of all others: %(url)s")
        footer = choose % {"url": settings.SITE_URL + reverse("accounts:me")}
        if stop:
            footer = _("Stop these e-mails with one click: %(url)s") % {"url": settings.SITE_URL + stop}
        signed = f"{current_site().name}\n{urlsplit(settings.SITE_URL).netloc}"
        body = "\n\n".join([_("Hello,"), *paragraphs, settings.SITE_URL + path, f"{signed}\n{footer}"])
        said = {"is_notice": not always, "stop_path": stop}
        return mail.row_of(key, member.email, subject, body + "\n", **said)
