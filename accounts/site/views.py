"""The page on which staff say what the site is called and who answers for it; its logo; and its terms."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import allowed_only
from accounts.models import Site, SiteChange, SiteText, TermsAcceptance
from accounts.models.images import TYPES
from accounts.models.site import require_site_editor
from accounts.site.forms import SiteForm
from config.http.next_address import next_address
from config.text import whole_number

LATEST = 10  # changes that are shown
A_YEAR = 60 * 60 * 24 * 365


def site_editor_only(view):
    """Ask visitors to sign in; refuse members who may not change the site."""
    return allowed_only(view, require_site_editor)


@site_editor_only
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    """Show what the site says of itself, and change it."""
    site = Site.objects.defer("logo").first() or Site()
    form = SiteForm(request.POST or None, request.FILES or None, site=site)
    if request.method == "POST" and form.is_valid():
        try:
            site.version = form.cleaned_data["version"]  # The one that was read.
            site.change(by=request.user, **form.told())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The site is as you say."))
            return redirect("site:settings")
    context = {
        "form": form,
        "told": Site.objects.defer("logo").first() or Site(),
        "texts": SiteText.Kind.choices,
        "changes": SiteChange.objects.select_related("by")[:LATEST],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "site/settings.html", context, status=status)


@require_safe
def logo(request, digest, kind):
    """Give the image that is the logo; another has another address."""
    row = Site.objects.filter(logo_digest=digest, logo_kind=kind).only("logo").first()
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.logo), content_type=TYPES[kind])
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@login_required
@require_POST
def accept_terms(request):
    """Note that a member accepts the terms that the form showed."""
    number = whole_number(request.POST.get("terms", ""))
    if number is None:
        raise BadRequest
    try:
        TermsAcceptance.record(by=request.user, number=number)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("site-text", "terms")
    messages.success(request, _("You have accepted the terms of use. Thank you."))
    return redirect(next_address(request))
