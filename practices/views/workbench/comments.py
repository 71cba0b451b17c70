"""What curators say to each other of a working copy, or of one of its claims."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.decorators import member_only
from practices import forms
from practices.views.workbench.page import do, workbench_page
from practices.views.workbench.working_copy import working_copy


@member_only
@require_POST
def comment(request, slug):
    """Say something of the working copy as a whole."""
    return comment_on(request, working_copy(request, slug))


def comment_on(request, practice, found=None):
    """Add the comment that was sent, about the claim `found` or about the whole."""
    form = forms.CommentForm(request.POST, claim=found)
    if not form.is_valid():
        return workbench_page(request, practice, commented=form, status=422)

    def act():
        practice.comment(by=request.user, claim=found, **form.words())

    return do(request, practice, act, at=f"claim-{found.pk}" if found else "comments", commented=form)


@member_only
@require_POST
def settle(request, slug, pk):
    """Say that nothing is left to do about a comment."""
    practice = working_copy(request, slug)
    found = get_object_or_404(practice.comments.visible_to(request.user), pk=pk)
    at = f"claim-{found.claim_id}" if found.claim_id else "comments"
    return do(request, practice, lambda: found.settle(by=request.user), at=at)
