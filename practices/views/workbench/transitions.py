"""The verbs that bring a practice from one state to the next, and set its grade."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import member_only
from experiences.models.versioning import Conflict
from practices.forms import verb_form
from practices.views.workbench.page import workbench_page, workbench_url
from practices.views.workbench.working_copy import seen_version, working_copy


def _retire(practice, form, by):
    heir = form.heirs.get(form.cleaned_data.get("heir", ""))
    return practice.retire(by=by, heir=heir, note=form.cleaned_data.get("note", ""))


# verb: what it does
VERBS = {
    "submit": lambda practice, form, by: practice.submit(by=by),
    "publish": lambda practice, form, by: practice.publish(by=by),
    "reopen": lambda practice, form, by: practice.reopen(by=by),
    "return": lambda practice, form, by: practice.return_to_curators(by=by, note=form.cleaned_data["note"]),
    "retire": _retire,
    "lower": lambda practice, form, by: practice.lower_grade(by=by, reason=form.cleaned_data["reason"]),
}


@member_only
@require_POST
def transition(request, slug, verb):
    """Move a practice from one state to the next, as the verb of its model allows."""
    practice = working_copy(request, slug)
    if verb not in VERBS:
        raise Http404
    form = verb_form(verb, practice, request.POST)
    if not form.is_valid():
        return workbench_page(request, practice, refused=form, status=422)
    practice.edit_version = seen_version(request) or practice.edit_version
    try:
        VERBS[verb](practice, form, request.user)
    except ValidationError as error:
        form.refuse(error)
        status = 409 if isinstance(error, Conflict) else 422
        return workbench_page(request, working_copy(request, slug), refused=form, status=status)
    messages.success(request, success_message(verb))
    return redirect(practice if verb in ("publish", "retire") else workbench_url(practice))


def success_message(verb):
    """Return the sentence that says what was done."""
    return {
        "submit": _("Sent to review. A second curator publishes it."),
        "publish": _("Published. This version now has its permanent address."),
        "reopen": _("A revision has begun. Readers keep the published version meanwhile."),
        "return": _("Returned to its curators with your sentence."),
        "retire": _("Retired."),
        "lower": _("The grade was set again."),
    }[verb]
