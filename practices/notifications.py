"""What the two people who publish a practice are told by e-mail; queued by the verbs, as experiences/notifications.py does.

Nothing is told to whoever did it. A mail names the practice, which no author's name hangs on.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import mail
from accounts.models import OutgoingMail, User
from experiences.notifications import letter

# --- Called by the verbs, in their transaction ---------------------------------------------------


def submitted(practice, *, by):
    """Tell the curators who may publish it: those who edited it since its last version may not."""
    curators = User.objects.who_may("practices.curate_practice")
    tell(curators.exclude(pk__in=practice.editors.values("pk")), to_be_judged, practice, by)


def returned(practice, note, *, by):
    comments = practice.comments.open().count()
    tell(practice.editors.all(), came_back, practice, by, note=note, comments=comments)


def published(practice, *, by):
    tell(practice.editors.all(), is_public, practice, by)


def tell(members, wording, practice, by, **facts):
    """Queue `wording` for those of `members` who want it, but `by`; once for each state of the practice."""
    members = [
        member for member in members.exclude(pk=by.pk) if member.wants_notice(waiting=wording in WAITING)
    ]
    letters = [
        letter(member, key_of(wording, practice, member), wording, practice, **facts) for member in members
    ]
    OutgoingMail.objects.bulk_create(letters, ignore_conflicts=True)


def key_of(wording, practice, member):
    return mail.key_of(wording.__name__, practice.slug, practice.edit_version, member.pk)


# --- The notices: (subject, paragraphs…, path) ---------------------------------------------------


def to_be_judged(practice):
    return (
        _("“%(title)s” waits for a second curator") % {"title": practice.title},
        _("Another curator sent this practice to review. Publish it, or return it with a sentence and with comments beside its claims."),
        bench(practice),
    )  # fmt: skip


def came_back(practice, note, comments):
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
        bench(practice),
    )


def is_public(practice):
    said = _("Version %(number)s of this practice, which you have edited, can be read by everybody now.")
    return (
        _("“%(title)s” is published") % {"title": practice.title},
        said % {"number": practice.current.number},
        practice.get_absolute_url(),
    )


def bench(practice):
    return reverse("practices:workbench", args=[practice.slug])


# What waits for whoever gets it; the others only inform.
WAITING = {to_be_judged, came_back}
