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
from django.utils.translation import ngettext

from accounts import mail
from accounts.models import Notification, OutgoingMail, User, current_site

MANY = 20  # Curators who have so many reports to read are not told of one more.
Kind = Notification.Kind


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
        [curator], overdue.__name__, kind=Kind.REVIEW, key_of=key_of, number=len(late), days=days
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
        if member.wants_notice(waiting=wording in WAITING, kind=KINDS[wording], always=always)
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


def with_title(report, named, withheld):
    """Return the sentence with the report's title, or the one without when its author is withheld."""
    return withheld if is_withheld(report) else named % {"title": report.title}


def is_withheld(told):
    """Whether whoever told this (a report or a question) withheld their name."""
    return told.identity == "withheld"


def place_of(report, path):
    """Return where its author reads on; for a withheld report, an address that names none."""
    return reverse("experiences:mine") if is_withheld(report) else path


# --- The notices: (subject, paragraphs…, path) ---------------------------------------------------


def received(report, others):
    waiting = ngettext(
        "%(n)d other report waits to be read as well.", "%(n)d other reports wait to be read as well.", others
    )
    return (
        with_title(report, _("“%(title)s” has arrived"), _("Your report has arrived")),
        _("Thank you. A curator reads it before it is published; you need not do anything."),
        waiting % {"n": others} if others else _("No other report waits to be read."),
        place_of(report, report.get_absolute_url()),
    )


def to_be_read(report, others):
    waiting = ngettext(
        "Someone sent a report. It is the only one that waits to be read.",
        "Someone sent a report. %(n)d reports now wait to be read.",
        others + 1,
    )
    return _("A report waits for a curator"), waiting % {"n": others + 1}, report.get_absolute_url()


def overdue(number, days):
    waiting = ngettext(
        "%(n)d report has waited long for a curator.", "%(n)d reports have waited long for a curator.", number
    )
    longest = ngettext(
        "The longest wait is %(days)d day. Its author hears nothing until someone reads it.",
        "The longest wait is %(days)d days. Its author hears nothing until someone reads it.",
        days,
    )
    return (
        _("Reports wait for a curator"),
        waiting % {"n": number},
        longest % {"days": days},
        reverse("practices:desk"),
    )


def came_back(report, reason, note):
    change = _("A curator has read your report, and asks you to change something before it is published.")
    reasons = [f"{report.ReturnReason(reason).label}.", note.strip()]
    hidden = [_("What it is, you can read under “My reports”: as you withhold your name, no mail says it.")]
    return (
        with_title(report, _("“%(title)s” came back to you"), _("Your report came back to you")),
        change,
        *(hidden if is_withheld(report) else reasons),
        place_of(report, reverse("experiences:edit", args=[report.public_id])),
    )


def is_public(report):
    return (
        with_title(report, _("“%(title)s” is published"), _("Your report is published")),
        _("Everybody can read it now. Thank you for telling it."),
        place_of(report, report.get_absolute_url()),
    )


def question_asked(report, question):
    about = _("About “%(part)s”:") % {"part": question.get_part_display()}
    hidden = _("You find it under “My reports”: as you withhold your name, no mail says what it is about.")
    return (
        with_title(report, _("A question about “%(title)s”"), _("A reader asks you a question")),
        _(
            "A reader of your report asks you something. Your answer appears as the author’s, without "
            "your name."
        ),
        *([hidden] if is_withheld(report) else [about, question.text]),
        place_of(report, question.get_absolute_url()),
    )


def question_answered(report, question):
    """Tell the asker, and say nothing more where they, or the author, withheld a name."""
    withheld = is_withheld(report) or is_withheld(question)
    titled = _("Your question about “%(title)s” was answered") % {"title": report.title}
    return (
        _("Your question was answered") if withheld else titled,
        _("The author of the report you asked about has answered."),
        _("You find the answer under “My reports”.") if withheld else question.reply,
        reverse("experiences:mine") if withheld else question.get_absolute_url(),
    )


def alarm_raised():
    return (
        _("Something waits for a moderator"),
        _(
            "A member raised an alarm, or told something that is read before it is public. "
            "This e-mail comes once a day at most, however much waits."
        ),
        reverse("moderation"),
    )


def line_removed():
    return (
        _("A moderator removed something you wrote"),
        _("You find what it was, and why, among all that the site knows about you. No mail says it."),
        reverse("accounts:data"),
    )


def line_redacted():
    return (
        _("A moderator withheld words of something you wrote"),
        _("“[withheld]” stands in their place. You find it among all that the site knows about you."),
        reverse("accounts:data"),
    )


def name_removed(note):
    return (
        _("A moderator removed the name you show"),
        _("Whatever you sign now says “A member”. You can choose another name. The reason given:"),
        note.strip(),
        reverse("accounts:me"),
    )


def read_first(report, note):
    reasons = [_("The reason concerns “%(title)s”:") % {"title": report.title}, note.strip()]
    hidden = [_("Why, you can read under “My reports”: as you withhold your name, no mail says it.")]
    return (
        _("Your next reports are read before they are published"),
        _(
            "A moderator has decided that a curator reads your next reports without your name before they "
            "are published. What is published stays so, and you can go on telling."
        )
        if is_withheld(report)
        else _(
            "A moderator has decided that a curator reads your next signed reports before they are "
            "published. What is published stays so, and you can go on telling."
        ),
        *(hidden if is_withheld(report) else reasons),
        place_of(report, report.get_absolute_url()),
    )


def published_at_once(report):
    return (
        _("Your next reports are published at once again"),
        _("A moderator has decided that your next reports need not be read before they are published."),
        place_of(report, report.get_absolute_url()),
    )


def still_holds(report):
    if report.nature != report.Nature.TRIED:
        return (
            with_title(report, _("What came of “%(title)s”?"), _("What came of your report?")),
            _(
                "Some time has passed since you told of it, before anyone knew how it would end. What came "
                "of it? A verdict and a line are enough."
            ),
            place_of(report, f"{report.get_absolute_url()}#follow-up"),
        )
    return (
        with_title(report, _("Does “%(title)s” still hold?"), _("Does your report still hold?")),
        _(
            "Some time has passed since you told what you tried. What has become of it? A verdict and "
            "a line are enough, and nothing has to have gone well."
        ),
        place_of(report, f"{report.get_absolute_url()}#follow-up"),
    )


def lost_words(report, note):
    masked = _(
        "Words in it may identify someone, so a moderator put “[withheld]” in their place. Please "
        "read whether it still says what you mean; you can change the rest."
    )
    return (
        with_title(report, _("Words in “%(title)s” are withheld"), _("Words in your report are withheld")),
        masked,
        *([] if is_withheld(report) else [note.strip()]),
        place_of(report, report.get_absolute_url()),
    )


# What waits for whoever gets it, what they wait for themselves, or what changes what they can do; the
# others only inform.
WAITING = {
    to_be_read,
    overdue,
    came_back,
    is_public,
    question_asked,
    question_answered,
    read_first,
    still_holds,
    lost_words,
}
# About what each is, as members choose it.
KINDS = {
    received: Kind.PUBLISHED,
    to_be_read: Kind.REVIEW,
    overdue: Kind.REVIEW,
    came_back: Kind.RETURNED,
    is_public: Kind.PUBLISHED,
    question_asked: Kind.QUESTION,
    question_answered: Kind.ANSWER,
    still_holds: Kind.FOLLOW_UP,
    alarm_raised: Kind.ALARM,
    line_removed: Kind.DECISION,
    line_redacted: Kind.DECISION,
    name_removed: Kind.DECISION,
    read_first: Kind.DECISION,
    published_at_once: Kind.DECISION,
    lost_words: Kind.DECISION,
}
