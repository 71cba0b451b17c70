"""What moderators withhold in a practice: what would change is shown before, and what was there after."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import member_only
from config.verbs import submit
from experiences.models.flags import require_moderator
from experiences.views.redaction import withheld_page
from practices.forms import WithholdInPracticeForm
from practices.views.moderation.decisions import known, moderation_page


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def withhold(request, slug):
    """Ask which words; show what would change; once that is confirmed, do it."""
    practice = known(request, slug)
    require_moderator(request.user)
    form = WithholdInPracticeForm(request.POST if request.method == "POST" else None)

    def page(status=200, redaction=None):
        return moderation_page(request, known(request, slug), form, redaction=redaction, status=status)

    if request.method != "POST":
        return page()
    confirmed, made = request.POST.get("confirmed") == "yes", []
    verb = practice.withhold_words if confirmed else practice.preview_withholding

    def act(**words):
        practice.edit_version = form.cleaned_data["edit_version"] or practice.edit_version
        made.append(verb(by=request.user, **words))

    refusal = submit(form, act, page)
    if refusal:
        return refusal
    if not confirmed:
        return page(redaction=made[0])
    messages.success(request, _("The words are withheld, and its curators are told."))
    return redirect(practice)


@member_only
@require_POST
def withheld(request, slug):
    """Show the words that were withheld and are still kept: each look is noted in the log."""
    practice = known(request, slug)
    return withheld_page(request, practice, "practices/withheld.html", {"practice": practice})
