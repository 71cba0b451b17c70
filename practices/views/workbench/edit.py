"""The form of what a practice says: begin a practice, edit one, and compare both after a conflict."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import member_only
from config.versioning import Conflict
from experiences.models import Experience
from practices import forms
from practices.decorators import curator_only
from practices.models import Practice
from practices.views.workbench.working_copy import working_copy


@curator_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Begin a practice."""
    if request.method != "POST":
        practice = _new_practice()
        return _form_page(request, forms.PracticeForm(instance=practice), practice)
    key = request.POST.get("submission_key", "")[:64].replace("\0", "")
    try:
        return redirect_if_sent_before(request, key) or _save(request, _new_practice(key))
    except IntegrityError:
        # This form, or another practice of the same title, arrived at the same moment.
        return redirect_if_sent_before(request, key) or _save(request, _new_practice(key))


def _new_practice(key=""):
    """Return an empty practice in the language of the page."""
    language = (get_language() or "")[:2]
    known = language in Experience.Language.values
    return Practice(language=language if known else Experience.Language.ENGLISH, submission_key=key)


def redirect_if_sent_before(request, key):
    """Redirect to the practice that this form has already made, or return None."""
    mine = Practice.objects.visible_to(request.user).filter(created_by=request.user)
    earlier = mine.filter(submission_key=key).first() if key else None
    if earlier is None:
        return None
    messages.info(request, _("This form had already been sent: here is the practice it made."))
    return redirect("practices:workbench", earlier.slug)


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug):
    """Change the words of the working copy; a stale form overwrites nothing."""
    practice = working_copy(request, slug)
    if not practice.can_be_edited_by(request.user):
        if request.method == "POST":
            return _conflict(request, practice)
        raise PermissionDenied
    if request.method == "POST":
        return _save(request, practice)
    return _form_page(request, forms.PracticeForm(instance=practice), practice)


def _save(request, practice):
    form = forms.PracticeForm(request.POST, instance=practice)
    if not form.is_valid():
        return _form_page(request, form, practice, status=422)
    try:
        form.write(by=request.user)
    except Conflict:
        return _conflict(request, practice)
    messages.success(request, _("Saved. Only curators can see it until it is published."))
    return redirect("practices:workbench", practice.slug)


def _conflict(request, practice):
    """Show what is stored and what was sent side by side; nothing is overwritten, no word is lost."""
    known = Practice.objects.visible_to(request.user)
    stored, instance = known.get(pk=practice.pk), known.get(pk=practice.pk)
    sent = request.POST.copy()
    sent["edit_version"] = str(stored.edit_version)
    form = forms.PracticeForm(sent, instance=instance)
    form.is_valid()
    locked = not stored.can_be_edited_by(request.user)
    context = {"conflict": True, "locked": locked, "differences": form.differences(stored)}
    return _form_page(request, form, stored, status=403 if locked else 409, **context)


def _form_page(request, form, practice, status=200, **context):
    known = Practice.objects.visible_to(request.user).filter(pk=practice.pk)
    slug = known.values_list("slug", flat=True).first()
    action = reverse("practices:edit", args=[slug]) if slug else reverse("practices:new")
    key = request.POST.get("submission_key") or get_random_string(32)
    context = {
        "form": form,
        "practice": practice if slug else None,
        "action": action,
        "submission_key": key,
        **context,
    }
    return render(request, "practices/form.html", context, status=status)
