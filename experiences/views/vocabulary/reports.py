"""The reports that still have a retired term: a moderator says which of its heirs each is about."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config.verbs import submit
from experiences.decorators import vocabulary_editor_only
from experiences.forms.vocabulary import HeirsForReportsForm
from experiences.models.vocabulary.retirement import Retirable, tagged
from experiences.models.vocabulary.terms import rows_at
from experiences.views.vocabulary.term import waiting

AT_A_TIME, MOST_PRACTICES = 25, 25


@vocabulary_editor_only
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request, address):
    """Show some reports, with a choice of heirs for each; tag those for which one was made."""
    row = get_object_or_404(rows_at(address))
    if not isinstance(row, Retirable) or row.retired_on is None or not row.heirs.exists():
        raise Http404
    if request.method != "POST":
        return reports_page(request, row, form_for(row, page_of(request, row)))
    shown = waiting(request.user, row).filter(public_id__in=posted(request))
    form = form_for(row, shown.order_by("public_id"), request.POST)
    done = []

    def act(**words):
        done.append(row.give_heirs(by=request.user, **words))

    refusal = submit(form, act, partial(reports_page, request, row, form))
    if refusal:
        return refusal
    text = ngettext("%(n)s report is tagged again.", "%(n)s reports are tagged again.", done[0])
    messages.success(request, text % {"n": done[0]})
    return redirect("vocabulary:reports", address)


def page_of(request, row):
    """Return the reports of one page: those behind `?after=`, in an order that tells nothing of them."""
    rest = waiting(request.user, row).order_by("public_id")
    after = request.GET.get("after", "")
    return rest.filter(public_id__gt=after)[:AT_A_TIME] if after.isalnum() else rest[:AT_A_TIME]


def posted(request):
    """Return the identifiers of the reports whose choices were sent."""
    return [name for name in request.POST.getlist("reports")[:AT_A_TIME] if name.isalnum()]


def form_for(row, reports, data=None):
    return HeirsForReportsForm(data, verb="tag", row=row, reports=list(reports))


def reports_page(request, row, form, status=200):
    last = max(form.reports, default="")
    practices = tagged(row)[1].objects.naming(row)
    context = {
        "term": row,
        "form": form,
        "left": waiting(request.user, row).count(),
        "after": last if waiting(request.user, row).filter(public_id__gt=last).exists() else "",
        "practices": list(practices.order_by("title")[:MOST_PRACTICES]),
    }
    return render(request, "vocabulary/reports.html", context, status=status)
