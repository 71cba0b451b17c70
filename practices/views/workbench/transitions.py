"""The buttons that bring a practice from one state to the next, or set its grade: one view for all of
them.
"""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.decorators import member_only
from config.text import whole_number
from config.verbs import submit
from practices.verbs import VERBS
from practices.views.workbench.page import workbench_page, workbench_url
from practices.views.workbench.working_copy import working_copy


@member_only
@require_POST
def transition(request, slug, verb):
    """Do to a practice what its button says; a refusal keeps the words on the page."""
    practice = working_copy(request, slug)
    if verb not in VERBS:
        raise Http404
    form = VERBS[verb].form(request.POST, verb=verb, row=practice)
    practice.edit_version = whole_number(request.POST.get("edit_version", "")) or practice.edit_version

    def page(status):
        return workbench_page(request, working_copy(request, slug), refused=form, status=status)

    refusal = submit(form, partial(VERBS[verb].act, practice, by=request.user), page)
    if refusal:
        return refusal
    messages.success(request, VERBS[verb].success_message(practice))
    return redirect(practice if verb in ("publish", "retire") else workbench_url(practice))
