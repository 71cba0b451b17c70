"""My profile: the name I show, my language and the e-mails I receive."""

from copy import copy

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from experiences.forms.profile import ProfileForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def me(request):
    # A copy: what is refused is not shown as one's name in the head of the page.
    form = ProfileForm(request.POST or None, instance=copy(request.user))
    if request.method == "POST" and form.is_valid():
        member = form.save()
        with override(request.site.offered(member.language or request.LANGUAGE_CODE)):
            messages.success(request, _("Your profile is saved."))
        response = redirect("accounts:me")
        if member.language:  # It is newer than what was chosen in this browser.
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    return render(request, "accounts/me.html", {"form": form}, status=422 if form.errors else 200)
