"""What is said of reports: each wording returns (subject, paragraphs…, path) of a mail. Its name is that of
the notification on the site, too, whose sentence is in practices/inbox/sentences.py.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Notification

Kind = Notification.Kind


def with_title(report, named, withheld):
    """Return the sentence with the report's title, or the one without when its author is withheld."""
    return withheld if is_withheld(report) else named % {"title": report.title}


def is_withheld(told):
    """Whether whoever told this (a report or a question) withheld their name."""
    return told.identity == "withheld"


def place_of(report, path):
    """Return where its author reads on; for a withheld report, an address that names none."""
    return reverse("experiences:mine") if is_withheld(report) else path


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


# What only informs. All else waits for whoever gets it, is what they wait for themselves, or changes what
# they can do.
INFORMING = {received, published_at_once}
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
