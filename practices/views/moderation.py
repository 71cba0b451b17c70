"""Alarms about public words of every kind, and the one queue in which moderators decide."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import member_only
from config.verbs import perform
from experiences.forms import FlagForm
from experiences.models.flags import raise_flag, would_hide
from practices.moderation import find


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def alarm(request, kind, key):
    """Raise an alarm about words of any kind; the page says before and after what it does."""
    known, row = find(kind, key, request.user)
    if known is None:
        raise Http404
    form = FlagForm(request.POST if request.method == "POST" else None, verb="flag", row=row)

    def page(status=200):
        context = {
            "kind": known,
            "words": known.words(row),
            "language": known.language(row),
            "back": row.get_absolute_url(),
            "form": form,
            "hides": would_hide(row, request.user),
        }
        return render(request, "moderation/alarm.html", context, status=status)

    if request.method != "POST":
        return page()
    if not form.is_valid():
        return page(422)

    def refused(error, status):
        form.refuse(error)
        return page(status)

    raised = []
    refusal = perform(lambda: raised.append(raise_flag(row, by=request.user, **form.words())), refused)
    if refusal is not None:
        return refusal
    if raised[0].hides:
        messages.success(request, _("Thank you. It is hidden until a moderator has looked at it."))
    else:
        messages.success(
            request, _("Thank you. The moderators are told; it stays shown until they have looked at it.")
        )
    return redirect(row.get_absolute_url() if known.name != "report" else "experiences:index")
