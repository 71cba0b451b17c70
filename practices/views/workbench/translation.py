"""A curator begins a translation of a practice, and says which version of the original it follows."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import member_only
from config.text import whole_number
from practices.forms import TranslateForm
from practices.models import PracticeVersion
from practices.views.workbench.working_copy import working_copy


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request, slug):
    """Begin a translation with its title; the rest is prefilled with the original."""
    original = working_copy(request, slug)
    begun = original.translations.first()
    if begun and not original.untranslated:
        messages.info(request, _("A translation has already been begun: here it is."))
        return redirect("practices:workbench", begun.slug)
    if request.method != "POST" and not original.untranslated:
        raise Http404
    form = TranslateForm(request.POST if request.method == "POST" else None, original=original)
    if not form.is_valid():
        return _page(request, original, form, status=422 if form.is_bound else 200)
    try:
        made = original.translate(by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        return _page(request, original, form, status=422)
    messages.success(request, _("The translation has begun with the words of the original: translate them."))
    return redirect("practices:edit", made.slug)


def _page(request, original, form, status):
    context = {"practice": original, "form": form}
    return render(request, "practices/translate.html", context, status=status)


@member_only
@require_POST
def follow(request, slug):
    """Say that a translation follows the version of its original that the page named."""
    practice = working_copy(request, slug)
    number = whole_number(request.POST.get("version", ""), most_digits=8) or 0
    version = get_object_or_404(PracticeVersion, practice=practice.translation_of_id, number=number)
    try:
        practice.follow(version, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Noted. What the original newly claims and cites has been added below."))
    return redirect("practices:workbench", practice.slug)
