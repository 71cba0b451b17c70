"""The pages of invitations: of those who invite, and of whoever opens the link in the mail."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import allowed_only
from accounts.invitations import held
from accounts.invitations.batch import Outcome, invite, send_again
from accounts.invitations.forms import InvitationForm
from accounts.models import Invitation, User
from accounts.models.invitations import require_inviter
from config.text import whole_number

ON_A_PAGE = 50
STATES = {
    "pending": Invitation.objects.pending,
    "accepted": Invitation.objects.accepted,
    "expired": Invitation.objects.expired,
    "revoked": Invitation.objects.revoked,
}


def inviter_only(view):
    """Ask visitors to sign in; refuse members who may not invite."""
    return allowed_only(view, require_inviter)


@inviter_only
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request):
    """List invitations by their state, and invite: who could not be is named, and stays in the form."""
    form = InvitationForm(request.POST or None, by=request.user)
    outcome = Outcome()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        outcome = invite(told["addresses"], by=request.user, language=told["language"], group=told["group"])
        if not outcome.refused:
            messages.success(request, said_of(outcome))
            return redirect("accounts:invitations")
        form.data = form.data.copy()
        form.data["addresses"] = "\n".join(address for address, _why in outcome.refused)
    wrong = form.errors or outcome.refused
    context = {"form": form, "outcome": outcome, "done": said_of(outcome), **listed(request)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "accounts/invitations/list.html", context, status=status)


def said_of(outcome):
    number = len(outcome.invited)
    text = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", number)
    return text % {"n": number} if number else ""


def listed(request):
    """Return the page of the list that the address asks for."""
    state = request.GET.get("state", "pending")
    if state not in STATES:
        raise BadRequest
    page = whole_number(request.GET.get("page", ""), most_digits=4) or 1
    rows = STATES[state]().visible_to(request.user).for_list()
    shown = list(rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE + 1])
    return {"state": state, "page": page, "rows": shown[:ON_A_PAGE], "more": len(shown) > ON_A_PAGE}


@inviter_only
@require_POST
def resend(request, pk):
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        send_again(invitation, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The invitation is on its way again. The first link no longer works."))
    return redirect("accounts:invitations")


@inviter_only
@require_POST
def revoke(request, pk):
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        invitation.revoke(by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The invitation is revoked: its link no longer works."))
    return redirect("accounts:invitations")


# --- Whoever opens the link ----------------------------------------------------------------------


@require_safe
def invitation(request, key):
    """Lead whoever opened the link on: its key stays in no other address. Reading uses nothing up.

    Whoever has the link reads the mails to its address: to them alone it is told that it has an account.
    """
    found = Invitation.objects.with_key(key)
    if found is None:  # The same of one that was used, replaced, revoked, has expired, or never was.
        context = {"noindex": True}
        return render(request, "accounts/invitations/ended.html", context, status=HTTPStatus.NOT_FOUND)
    held.hold(request, found)
    if request.user.is_authenticated:
        return redirect("accounts:accept_invitation")
    has_account = Q(email__iexact=found.email) | Q(emailaddress__email=found.email)
    if settings.SIGNUP != "sso":
        if not User.objects.filter(has_account).exists():
            return redirect("account_signup")
        messages.info(request, _("You have an account already: sign in to accept the invitation."))
    return redirect_to_login(reverse("accounts:accept_invitation"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request):
    """Let a member accept the invitation they opened, if it is for an address of theirs."""
    found = held.invitation(request)
    if found is None:
        return redirect("home")  # It was used on the way here.
    refusal = None
    if request.method == "POST":
        try:
            found.accept(by=request.user)
        except ValidationError as error:
            refusal = error.messages
        else:
            held.let_go(request)
            messages.success(request, _("You have accepted the invitation."))
            return redirect("home")
    mine = request.user.emailaddress_set.filter(email=found.email, verified=True).exists()
    context = {"invitation": found, "mine": mine, "refusal": refusal, "noindex": True}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "accounts/invitations/accept.html", context, status=status)


@require_POST
def let_go(request):
    """Sign up without the invitation, with another address."""
    held.let_go(request)
    return redirect("account_signup")
