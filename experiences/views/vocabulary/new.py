"""A new term of a closed list."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.verbs import submit
from experiences.decorators import vocabulary_editor_only
from experiences.forms.vocabulary import NewTermForm
from experiences.models import Competency, Context, Facet, Stake


@vocabulary_editor_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, kind):
    """Add a stake to a competency, or a value to a facet (?group=, its slug)."""
    row = empty_row(kind, request.GET.get("group", ""))
    form = NewTermForm(request.POST or None, verb="add", row=row)
    if request.method != "POST":
        return new_page(request, row, form)

    def add(**words):
        for name, value in words.items():
            setattr(row, name, value)
        row.add(by=request.user)

    refusal = submit(form, add, partial(new_page, request, row, form))
    if refusal:
        return refusal
    messages.success(request, _("The term is added."))
    return redirect(row.vocabulary_url)


def empty_row(kind, group):
    """Return an unsaved term of the list `kind`, in the group with this slug."""
    groups = {Stake.LIST: Competency, Context.LIST: Facet}
    if kind not in groups:
        raise Http404
    found = groups[kind].objects.filter(slug=group).first()
    if found is None:
        raise Http404
    return Stake(competency=found) if kind == Stake.LIST else Context(facet=found)


def new_page(request, row, form, status=200):
    return render(request, "vocabulary/new.html", {"term": row, "form": form}, status=status)
