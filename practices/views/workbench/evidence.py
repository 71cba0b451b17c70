"""The evidence of a claim: a report found by its address or by words, then quoted word for word."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import member_only
from config.verbs import perform
from experiences.models import Experience
from experiences.search.reports import found_by
from practices import forms
from practices.models import Evidence
from practices.views.workbench.claims import get_claim
from practices.views.workbench.working_copy import working_copy

MOST_FOUND = 10


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def cite(request, slug, pk):
    """Choose a published report (?q=, then ?report=), then say how it bears on the claim."""
    practice = working_copy(request, slug)
    found = get_claim(practice, pk)
    if not practice.can_be_edited_by(request.user):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    report = find_report(request.user, sent.get("report") or sent.get("q") or "")
    if request.method == "POST":
        if report is None:
            raise Http404
        return _attach(request, practice, found, report)
    if report is None:
        return _choose_report(request, practice, found)
    held = found.evidence.filter(report=report).first()
    return _cite_page(request, found, report, forms.CiteForm(instance=held or Evidence()))


def find_report(user, address):
    """Return the published report with this identifier or address that `user` may know of, or None."""
    return Experience.objects.visible_to(user).published().for_detail().at_address(address).first()


def ticked_reports(request):
    """Return the published reports that a form ticks, newest first; whatever names none is passed over."""
    ids = [one for one in request.POST.getlist("report") if len(one) == 12 and one.isalnum()]
    reports = Experience.objects.visible_to(request.user).published().filter(public_id__in=ids)
    return list(reports.order_by("-order_key"))


def _attach(request, practice, found, report):
    held = found.evidence.filter(report=report).values(*forms.CiteForm.checked).first()
    form = forms.CiteForm(request.POST, instance=Evidence(claim=found, report=report), initial=held)
    if not form.is_valid():
        return _cite_page(request, found, report, form, status=422)

    def refused(error, status):
        form.add_error(None, error.messages)
        return _cite_page(request, found, report, form, status=status)

    page = perform(lambda: found.cite(report, by=request.user, **form.words()), refused)
    if page:
        return page
    messages.success(request, _("Cited. The working grade was computed again."))
    return redirect(f"{reverse('practices:workbench', args=[practice.slug])}#claim-{found.pk}")


def _cite_page(request, found, report, form, status=200):
    texts = [(report._meta.get_field(name).verbose_name, report.html.get(name)) for name in report.TEXTS]
    context = {"practice": found.practice, "claim": found, "report": report, "form": form, "texts": texts}
    return render(request, "practices/cite.html", context, status=status)


def _choose_report(request, practice, found):
    """Show the reports that match ?q=; without words, those that share a stake with the practice."""
    form = forms.SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    if words:
        rows = found_by(words, request.user, MOST_FOUND)
    else:
        rows = Experience.objects.visible_to(request.user).under_stakes(practice.stake_slugs, MOST_FOUND)
    held = {row.report_id: row for row in found.evidence.all()}
    context = {
        "practice": practice,
        "claim": found,
        "search_form": form,
        "words": words,
        "found": [(report, held.get(report.pk)) for report in rows],
    }
    return render(request, "practices/choose.html", context, status=200 if form.is_valid() else 422)
