"""Names of one organisation: curators say which count as one, see what was said, and undo it."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.verbs import perform, submit
from practices.decorators import curator_only
from practices.forms import SameOrganisationForm
from practices.models import SameOrganisation

MOST_ROWS = 100


@curator_only
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request):
    """Show which names count as one organisation; a POST says it of two more."""
    if request.method != "POST":
        return organisations_page(request, SameOrganisationForm(verb="say"))
    form = SameOrganisationForm(request.POST, verb="say")

    def page(status):
        return organisations_page(request, form, status=status)

    refusal = submit(form, partial(SameOrganisation.objects.say, by=request.user), page)
    if refusal:
        return refusal
    messages.success(request, _("From now on, the two names count as one organisation."))
    return redirect("practices:organisations")


@curator_only
@require_POST
def undo(request, pk):
    """Let two names count apart again."""
    row = get_object_or_404(SameOrganisation.objects.visible_to(request.user), pk=pk)

    def refused(error, status):
        return organisations_page(request, SameOrganisationForm(verb="say"), error.messages, status=status)

    page = perform(lambda: row.undo(by=request.user), refused)
    if page:
        return page
    messages.success(request, _("The two names count apart again."))
    return redirect("practices:organisations")


def organisations_page(request, form, refusal=(), status=200):
    found = SameOrganisation.objects.visible_to(request.user).select_related("by", "undone_by")
    context = {"form": form, "refusal": refusal, "rows": found[:MOST_ROWS]}
    return render(request, "practices/organisations.html", context, status=status)
