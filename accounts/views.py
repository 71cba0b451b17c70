"""Pages about oneself, and the two choices any visitor has: language and colours."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import unsubscribing
from accounts.context_processors import THEMES
from accounts.decorators import counts_itself
from accounts.forms import TokenForm
from accounts.models import Token, User, current_site
from config.http.next_address import next_address

A_YEAR = 60 * 60 * 24 * 365


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request):
    """List, and make: the key is in the answer itself, and nowhere else."""
    form = TokenForm(request.POST or None)
    made = key = None
    if request.method == "POST" and form.is_valid():
        try:
            made, key = Token.issue(by=request.user, **form.cleaned_data)
            form = TokenForm()
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"form": form, "tokens": Token.objects.of(request.user), "made": made, "key": key}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request, handle):
    token = get_object_or_404(Token.objects.of(request.user), handle=handle)
    token.delete()
    messages.success(request, _("The token is revoked: programs that use it are refused from now on."))
    return redirect("accounts:tokens")


@csrf_exempt  # A mail program sends it, on its own: the token says for whom.
@require_http_methods(["GET", "HEAD", "POST"])
@counts_itself  # Mail programs of many members send from one address.
def unsubscribe(request, token):
    """Say what will stop, stop it, or take that back; reading the page changes nothing."""
    member = unsubscribing.member_of(token)
    if member is None:
        raise Http404
    before, done = member.notices, request.method == "POST"
    if done:
        wanted = request.POST.get("back_to", User.Notices.NONE)
        if wanted not in User.Notices.values:
            raise BadRequest
        member.notices = wanted  # What was chosen of single kinds holds again where this is taken back.
        member.save(update_fields=["notices"])
    stopped = member.notices == User.Notices.NONE
    context = {
        "noindex": True,
        "stopped": stopped,
        "done": done,
        "back_to": before if before != User.Notices.NONE else User.Notices.WAITING,
    }
    return render(request, "accounts/unsubscribe.html", context)


@require_POST
def theme(request):
    """Keep the colours a visitor chose; “system” forgets the choice."""
    chosen = request.POST.get("theme")
    if chosen not in (*THEMES, "system"):
        raise BadRequest
    response = redirect(next_address(request))
    if chosen == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS)
    return response


@require_POST
def set_language(request):
    """Keep the language a visitor chose: in a cookie and, for a member, in the profile."""
    chosen = request.POST.get("language")
    if chosen not in current_site().offered_languages:
        raise BadRequest
    if request.user.is_authenticated and request.user.language != chosen:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return i18n.set_language(request)
