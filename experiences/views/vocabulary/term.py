"""The page of one row of the closed lists: its words, what can be done to it, and what was done."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from config.text import whole_number
from config.verbs import submit
from experiences import vocabulary
from experiences.decorators import vocabulary_editor_only
from experiences.models import Experience
from experiences.models.vocabulary.retirement import Retirable
from experiences.models.vocabulary.terms import rows_at
from experiences.models.vocabulary.touched import touched_by
from experiences.term_verbs import verbs_of


@vocabulary_editor_only
@require_safe
def term(request, address):
    """Show the words of one row, and what can be done to it."""
    return term_page(request, get_object_or_404(rows_at(address)))


@vocabulary_editor_only
@require_POST
def transition(request, address, verb):
    """Do to a row what its button says, once more asked for where it touches much."""
    row = get_object_or_404(rows_at(address))
    if verb not in verbs_of(row):
        raise Http404
    known = verbs_of(row)[verb]
    form = known.form(request.POST, verb=verb, row=row)
    row.version = whole_number(request.POST.get("version", "")) or row.version

    def page(status):
        return term_page(request, get_object_or_404(rows_at(address)), form, status=status)

    if known.confirms and "confirmed" not in request.POST:
        refusal = submit(form, partial(getattr(row, f"check_{verb}"), by=request.user), page)
        return refusal or preview_page(request, row, form)
    refusal = submit(form, partial(known.act, row, by=request.user), page)
    if refusal:
        return refusal
    messages.success(request, known.success_message(row))
    return redirect("vocabulary:reports" if verb == "split" else "vocabulary:term", address)


def term_page(request, row, form=None, status=200):
    """Show the page of `row`; `form` is one that was refused, with its words and errors."""
    verbs = verbs_of(row)
    forms = verbs.forms_for(request.user, row, refused=form)
    retirable = isinstance(row, Retirable)
    context = {
        "term": row,
        "retirable": retirable,
        "address_taken": retirable and row.local and row in vocabulary.addresses_taken(),
        "heirs": list(row.heirs.all()) if retirable else [],
        "touched": touched_by(row) if retirable else None,
        "to_tag_again": retirable and row.retired_on and waiting(request.user, row).count(),
        "words": forms.get("edit"),
        "refused": form,
        "differences": form.differences(row) if status == 409 and form.verb == "edit" else None,
        "buttons": verbs.buttons(forms, "step"),
        "history": row.history[:50],
    }
    return render(request, "vocabulary/term.html", context, status=status)


def preview_page(request, row, form):
    """Say what would be touched, and ask once more."""
    words = form.words()
    context = {
        "term": row,
        "form": form,
        "verb": verbs_of(row)[form.verb],
        "heirs": words.get("heirs") or [one for one in [words.get("into")] if one],
        "touched": touched_by(row),
        "posted": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
    }
    return render(request, "vocabulary/preview.html", context)


def waiting(user, term):
    """Return the reports that still have the retired `term` and that `user` may know of."""
    return Experience.objects.visible_to(user).to_tag_again(term)
