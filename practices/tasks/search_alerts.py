"""Tell members what is new in the searches that they keep: called by the worker, again and again.

A chunk of searches at a time, so that other mails need not wait for all of them. What one is told, and how
far that reached, is stored together: whatever ends the worker, nothing is told twice and nothing is left out.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import mail
from accounts.models import Notification, current_site
from experiences.models import Experience
from experiences.notifications import compose_mail
from practices.models import KeptSearch

AT_ONCE = 100  # searches
MOST_TOLD = 10  # results in one mail


def send_search_alerts(now):
    """Look into searches that are due at `now`, up to a chunk of them; return how many there were.

    Each is looked into once for one `now`: with the same, the next call goes on with the next chunk.
    """
    due = list(KeptSearch.objects.due(now)[:AT_ONCE])
    for search in due:
        with translation.override(current_site().language_for(search.owner)):
            look_into(search, now)
    return len(due)


def look_into(search, now):
    """Queue a mail where something is new in `search`, and note how far that told, in one transaction."""
    try:
        filterset = search.filterset(**once_each(search.kind))
        keys, reached = search.look(filterset, now)
    except ValidationError:  # Its list does not understand it any more: the page of its owner says so.
        search.move_on({"told_until": now})
        return
    rows = filterset.rows_of(keys[:MOST_TOLD])
    number = len(keys) - len(keys[:MOST_TOLD]) + len(rows)
    with transaction.atomic():
        if not rows:
            search.move_on(reached)
        else:
            tell_owner(search, rows, number, reached, now)


def tell_owner(search, rows, number, reached, now):
    """Tell the owner of `search` by e-mail and on the site, as they chose, unless another worker just has."""
    kind, owner = Notification.Kind.SEARCH, search.owner
    key = mail.key_of("kept-search", search.public_id, search.told_until)
    by_mail = owner.wants_notice(waiting=True, kind=kind)
    if not search.move_on(reached, **({"mailed_at": now} if by_mail else {})):
        return
    if by_mail:
        compose_mail(owner, key, alert_text, search, rows, number, stop=search.stop_path).save()
    said = {"about": search.public_id, "number": number}
    Notification.objects.tell([owner], "new_results", kind=kind, key_of=lambda _owner: key, **said)


def once_each(kind):
    """Return how a list is read so that each practice comes once, as on pages."""
    return {"reads": translation.get_language()} if kind == KeptSearch.Kind.PRACTICES else {}


def alert_text(search, rows, number):
    """Return (subject, paragraphs…, path) of the mail that tells `number` results, `rows` first."""
    subject = ngettext(
        "%(n)s new or changed result in “%(name)s”", "%(n)s new or changed results in “%(name)s”", number
    )
    if search.followed_slug:
        return (
            _("“%(title)s”, which you follow, has changed") % {"title": search.name},
            _("Since you were last told, this has changed in a practice that you follow:"),
            *(result_text(search.kind, row) for row in rows),
            _("All that you follow:"),
            reverse("following"),
        )
    more = ngettext("And %(n)s more.", "And %(n)s more.", number - len(rows))
    return (
        subject % {"n": number, "name": search.name},
        _("Since you were last told, this is new or changed in a search that you keep:"),
        *(result_text(search.kind, row) for row in rows),
        *([more % {"n": number - len(rows)}] if number > len(rows) else []),
        _("All results of this search:"),
        search.get_absolute_url(),
    )


def result_text(kind, row):
    """Return one result: its title, what came of it or how sure it is, its address."""
    if kind == KeptSearch.Kind.REPORTS:
        said = Experience.Verdict(row.told["verdict"]).label
        path = reverse("experiences:detail", args=[row.public_id])
    else:
        said, path = row.graded.get_grade_display(), reverse("practices:detail", args=[row.slug])
    return f"{row.told['title']}\n{said}\n{settings.SITE_URL}{path}"
