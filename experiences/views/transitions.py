"""The buttons of a report and of its questions: one view for all verbs of each."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import words_kept
from accounts.limits import counted
from config.text import whole_number
from config.verbs import submit
from experiences import review_queue
from experiences.forms import ExperienceForm
from experiences.models import Experience, Question
from experiences.verbs import QUESTION_VERBS, VERBS
from experiences.views import questions
from experiences.views.detail import detail_page
from experiences.views.form.edit import form_page, warning_before_sending
from experiences.views.redaction import preview_page


@require_POST
def transition(request, public_id, verb):
    """Do to a report what its button says; a refusal keeps the words on the page."""
    if verb not in VERBS:
        raise Http404
    report = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), public_id=public_id)
    if not request.user.is_authenticated:
        return words_kept(request, report.get_absolute_url())
    check = (
        warning_before_sending(request, report)
        if verb == "submit" and request.user == report.author
        else None
    )
    if check and report.can_be_edited_by(request.user):
        report.note_warned()
        form = ExperienceForm(instance=report)
        return form_page(request, form, report, status=422, check=check, asked=True)
    form = VERBS[verb].form(request.POST, verb=verb, row=report)
    report.version = version_shown(request) or report.version
    if VERBS[verb].confirms and "confirmed" not in request.POST:
        return preview_page(request, report, form, do)
    act = partial(VERBS[verb].act, report, by=request.user)
    refusal = do(request, report, form, counted(VERBS[verb].limit, request, act))
    return refusal or redirect_after(request, report, verb)


@require_POST
def question(request, public_id, question_id, verb):
    """Answer a question, take it back or remove it; a refusal keeps the words on the page."""
    if verb not in QUESTION_VERBS:
        raise Http404
    known = Question.objects.visible_to(request.user).select_related("report__author", "by")
    found = get_object_or_404(known, report__public_id=public_id, public_id=question_id)
    if not request.user.is_authenticated:
        return words_kept(request, found.get_absolute_url())
    report = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), pk=found.report_id)
    form = questions.form_of(found, verb, request.POST)
    found.version = version_shown(request) or found.version
    refusal = do(request, report, form, partial(QUESTION_VERBS[verb].act, found, by=request.user))
    if refusal:
        return refusal
    messages.success(request, QUESTION_VERBS[verb].success_message(found))
    return redirect(f"{report.get_absolute_url()}#questions")


def version_shown(request):
    """Return the version of what the page of the form showed, or None."""
    return whole_number(request.POST.get("version", ""))


def do(request, report, form, act):
    """Call `act` with the words of `form`; return the page that says why not, or None once it is done."""

    def page(status):
        current = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), pk=report.pk)
        return detail_page(request, current, form, status=status)

    return submit(form, act, page)


def redirect_after(request, report, verb):
    """Say what was done, and lead to where the person may still look."""
    messages.success(request, VERBS[verb].success_message(report))
    if verb == "discard":
        return redirect("experiences:mine")
    if verb in ("publish", "return"):
        return redirect_to_next(request, report)
    if verb == "ask":
        return redirect(f"{report.get_absolute_url()}#questions")
    if Experience.objects.visible_to(request.user).filter(pk=report.pk).exists():
        return redirect(report)
    return redirect("experiences:index")


def redirect_to_next(request, report):
    """Lead a reviewer on: to the next report that waits for them, else to the desk."""
    following = review_queue.next_for(request.user, after=report)
    if following:
        messages.info(request, _("This is the next report that waits."))
        return redirect(following)
    messages.info(request, _("No other report waits for you."))
    return redirect("practices:desk" if request.user.has_perm("practices.curate_practice") else report)
