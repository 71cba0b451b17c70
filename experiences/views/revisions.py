"""What a report said before: the page of its revisions, and what changed since it was last sent."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from experiences.models import Experience, Revision
from experiences.views import revision_diff
from experiences.views.report_context import day_format

MOST_LISTED = 200  # Nobody reads more; an author may well save as often.


@require_safe
def history(request, public_id):
    """List the revisions this person may read, the newest first, and compare two: ?from=<id>&to=<id>."""
    user = request.user
    report = get_object_or_404(Experience.objects.visible_to(user).for_detail(), public_id=public_id)
    known = report.revisions.visible_to(user).defer("told").order_by("-number")
    listed, more = list(known[:MOST_LISTED]), known.count() - MOST_LISTED
    rows = steps(listed)
    new = requested_revision(request, "to", listed) or next(iter(listed), None)
    old = requested_revision(request, "from", listed) or next(
        (old for _at, row, old in rows if row == new and old), new
    )
    context = {
        "report": report,
        "noindex": True,
        "rows": rows,
        "unlisted": max(0, more),
        "public": public_keys(report) if report.can_be_read_whole_by(user) else None,
        "old": old,
        "new": new,
        "differences": differences(old, new, user),
        "day": day_format(report, user),
        "is_author": user.is_authenticated and user == report.author,
    }
    return render(request, "experiences/history.html", context)


def requested_revision(request, name, listed):
    """Return the revision that parameter `name` asks for; None when it asks for none."""
    public_id = request.GET.get(name)
    found = next((row for row in listed if row.public_id == public_id), None)
    if public_id and found is None:
        raise Http404
    return found


def steps(listed):
    """Return [(place, revision, the one before it or None)]; the oldest has the first place."""
    before = [*listed[1:], None]
    places = range(len(listed), 0, -1)
    return list(zip(places, listed, before, strict=False))


def public_keys(report):
    """Return the keys of the revisions that everybody may read."""
    return set(report.revisions.visible_to(AnonymousUser()).values_list("pk", flat=True))


def since_sent(report, user):
    """Return what changed since a report that waits was last sent, and since it was first sent.

    None unless it came back before, and `user` wrote it or reviews it.
    """
    returned = report.log.filter(verb="returned").last()
    if report.status != Experience.Status.SUBMITTED or returned is None:
        return None
    sent = list(report.revisions.visible_to(user).filter(kind=Revision.Kind.SENT).defer("told"))
    if not sent:
        return None
    *earlier, now = sent
    # Sent again as it was, no new telling was kept: this one came back already.
    last = now if now.at < returned.at or not earlier else earlier[-1]
    compared = {"last": differences(last, now, user)}
    return compared | {"first": differences(sent[0], now, user) if last != sent[0] else None}


def differences(old, new, user):
    return revision_diff.differences(old.content_for(user), new.content_for(user)) if new else []
