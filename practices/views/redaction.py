"""What moderators withhold in a practice: what would change is shown before, and what was there after."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import member_only
from config.verbs import perform
from experiences.models.flags import require_moderator
from experiences.redaction_summary import summarise
from experiences.views.redaction import withheld_page
from practices.forms import WithholdInPracticeForm
from practices.models import Practice


def known(request, slug):
    return get_object_or_404(Practice.objects.visible_to(request.user).select_related("current"), slug=slug)


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def withhold(request, slug):
    """Ask which words; show what would change; once that is confirmed, do it."""
    practice = known(request, slug)
    require_moderator(request.user)
    form = WithholdInPracticeForm(request.POST if request.method == "POST" else None)

    def page(status=200, redaction=None):
        stored = known(request, slug)
        return render(request, "practices/withhold.html", context_of(stored, form, redaction), status=status)

    if request.method != "POST":
        return page()
    if not form.is_valid():
        return page(422)
    if form.cleaned_data["edit_version"]:
        practice.edit_version = form.cleaned_data["edit_version"]
    confirmed, made = request.POST.get("confirmed") == "yes", []
    act = practice.withhold_words if confirmed else practice.preview_withholding

    def refused(error, status):
        form.refuse(error)
        return page(status)

    refusal = perform(lambda: made.append(act(by=request.user, **form.words())), refused)
    if refusal:
        return refusal
    if not confirmed:
        return page(redaction=made[0])
    messages.success(request, _("The words are withheld, and its curators are told."))
    return redirect(practice)


def context_of(practice, form, redaction):
    """Return what the page shows; of a preview, what it would change."""
    context = {
        "practice": practice,
        "form": form,
        "redaction": redaction,
        "is_kept": practice.redactions.kept().exists(),
    }
    return context | (summarise(redaction, practice.quotable_text()) if redaction else {})


@member_only
@require_POST
def withheld(request, slug):
    """Show the words that were withheld and are still kept: each look is noted in the log."""
    practice = known(request, slug)
    return withheld_page(request, practice, "practices/withheld.html", {"practice": practice})
