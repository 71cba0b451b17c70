"""The notifications of a member: a page of them, read and unread, and which of them come."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import member_only
from accounts.models import Notification
from config.http.refused_address import refused_address
from experiences.search.pagination import keyset_page
from practices.inbox.choices import ChoicesForm, choose
from practices.inbox.sentences import with_sentences

AT_ONCE = 25


@require_safe
@member_only
def notifications(request):
    """List what the member was told, the newest first; ?unread=1: what they have not read."""
    unread_only = request.GET.get("unread") == "1"
    rows = Notification.objects.visible_to(request.user)
    rows = rows.unread() if unread_only else rows
    try:
        page = keyset_page(rows, ["-id"], request.GET.get("cursor", ""), AT_ONCE)
    except ValidationError as refusal:
        return refused_address(request, refusal, _("All notifications"))
    context = {
        "days": by_day(with_sentences(page.rows, request.user)),
        "unread_only": unread_only,
        "listing": {
            "next_url": address_of(page.next, unread_only),
            "previous_url": address_of(page.previous, unread_only),
        },
    }
    return render(request, "notifications/index.html", context)


def by_day(rows):
    """Return [(day, what was told on it)]: of no moment more than the day is said."""
    days = groupby(rows, key=lambda row: timezone.localtime(row.at).date())
    return [(day, list(told)) for day, told in days]


def address_of(cursor, unread_only):
    if not cursor:
        return ""
    asked = ({"unread": "1"} if unread_only else {}) | {"cursor": cursor}
    return f"{reverse('notifications')}?{urlencode(asked)}"


@require_POST
@member_only
def open_notification(request, public_id):
    """Note that it is read, and lead to what it is about."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), public_id=public_id)
    found.open(by=request.user)
    (row,) = with_sentences([found], request.user)
    return redirect(row.sentence.url or "notifications")


@require_POST
@member_only
def read_notifications(request):
    """Note that all of them are read."""
    number = Notification.objects.mark_read(by=request.user)
    said = ngettext(
        "%(n)s notification is marked as read.", "%(n)s notifications are marked as read.", number
    )
    messages.success(request, said % {"n": number})
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def notification_choices(request):
    """Show which kinds come, on the site and by e-mail; a POST chooses."""
    form = ChoicesForm(request.POST if request.method == "POST" else None, member=request.user)
    if form.is_bound and form.is_valid():
        choose(request.user, **form.cleaned_data)
        messages.success(request, _("Your choices are saved."))
        return redirect("notification_choices")
    return render(request, "notifications/choices.html", {"form": form}, status=422 if form.errors else 200)
