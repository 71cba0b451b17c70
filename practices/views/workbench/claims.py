"""The views of a working copy's claims: show them all, add one, change one, detach a report from one."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import member_only
from practices import forms
from practices.models import Claim, Evidence
from practices.views.workbench.comments import comment_on
from practices.views.workbench.page import do, workbench_page
from practices.views.workbench.working_copy import set_seen_version, working_copy


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def workbench(request, slug):
    """Show the working copy with its claims, evidence and live grade; a POST adds a claim."""
    practice = working_copy(request, slug)
    if request.method != "POST":
        return workbench_page(request, practice)
    form = forms.ClaimForm(request.POST, prefix="new", instance=Claim(practice=practice))
    if not form.is_valid():
        return workbench_page(request, practice, new_claim=form, status=422)
    set_seen_version(practice, form)
    return do(request, practice, lambda: practice.add_claim(by=request.user, **form.words()), new_claim=form)


@member_only
@require_POST
def claim(request, slug, pk, verb):
    """Do with one claim what its button says."""
    practice = working_copy(request, slug)
    found = get_claim(practice, pk)
    if verb == "revise":
        return _revise(request, practice, found)
    if verb == "comment":
        return comment_on(request, practice, found)
    verbs = {
        "up": lambda: found.move(-1, by=request.user),
        "down": lambda: found.move(1, by=request.user),
        "remove": lambda: found.remove(by=request.user),
    }
    if verb not in verbs:
        raise Http404
    return do(request, practice, verbs[verb])


def get_claim(practice, pk):
    """Return a claim of the working copy."""
    return get_object_or_404(practice.claims(), pk=pk)


def _revise(request, practice, found):
    form = forms.ClaimForm(request.POST, prefix=f"claim-{found.pk}", instance=found)
    if not form.is_valid():
        return workbench_page(request, practice, revised=form, status=422)
    set_seen_version(practice, form)
    return do(request, practice, lambda: found.revise(by=request.user, **form.words()), revised=form)


@member_only
@require_POST
def uncite(request, slug, pk):
    """Detach a report from a claim."""
    practice = working_copy(request, slug)
    row = get_object_or_404(Evidence.objects.filter(claim__in=practice.claims()), pk=pk)
    row.claim.practice = practice
    return do(request, practice, lambda: row.remove(by=request.user))
