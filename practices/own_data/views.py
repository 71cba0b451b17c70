"""The pages of an account that need to know of everything: my data, and closing it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import limited
from practices.own_data import account_closure
from practices.own_data.data import as_data, sections


@login_required
@require_safe
def data(request):
    """Show everything the site knows about the member."""
    return render(request, "accounts/data.html", {"sections": sections(request.user)})


@login_required
@require_safe
@limited("exports")
def data_file(request):
    """Give the same as a file, for programs."""
    response = JsonResponse(as_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="retex-my-data.json"'
    return response


@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request):
    """Ask what becomes of each report and trial, ask again, and close the account."""
    sent = request.method == "POST"
    form = account_closure.ClosingForm(request.POST if sent else None, member=request.user)
    if not sent or not form.is_valid() or "change" in request.POST:
        context = {"form": form}
        return render(request, "accounts/close.html", context, status=422 if form.errors else 200)
    if "confirmed" not in request.POST:
        return render(request, "accounts/close_confirm.html", {"form": form})
    return close_now(request, form.chosen)


def close_now(request, choices):
    try:
        account_closure.close(request.user, choices)
    except ValidationError:
        messages.error(
            request, _("One of your reports was changed meanwhile. Nothing was done: choose again.")
        )
        return redirect("accounts:close")
    logout(request)
    messages.success(request, _("Your account is closed, and your e-mail address is forgotten. Thank you."))
    return redirect("home")
