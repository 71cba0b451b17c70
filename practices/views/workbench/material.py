"""The material of a practice: its reports side by side, and what is taken from them word for word."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import member_only
from experiences.models import Experience
from experiences.search import similarity
from experiences.search.reports import found_by
from experiences.views.report_context import heading
from practices import forms
from practices.models import Claim, Evidence
from practices.views.workbench.evidence import find_report, ticked_reports
from practices.views.workbench.page import new_claim_form, working_grade
from practices.views.workbench.working_copy import attempt, set_seen_version, working_copy

MOST_FOUND = 10
SIDE_BY_SIDE = ("situation", "action", "result", "lessons")
LONG = 1200  # characters of a text that scrolls by itself, so that its neighbours stay in sight


@member_only
@require_safe
def material(request, slug):
    """Show the reports of a working copy side by side; ?q= finds more."""
    return _page(request, working_copy(request, slug))


def _page(request, practice, *, status=200, attached=None, new_claim=None, refusal=()):
    """Render the page; `attached` and `new_claim` are forms that were refused, their words kept."""
    editable = practice.can_be_edited_by(request.user)
    claims = practice.standing_claims()
    gathered = practice.gathered().filter(pk__in=Experience.objects.visible_to(request.user))
    reports = list(gathered.for_detail().order_by("order_key", "pk"))
    shown = [report for report in reports if report.status == Experience.Status.PUBLISHED]
    context = {
        "practice": practice,
        "editable": editable,
        "claims": claims,
        "columns": [_column(report, practice, claims, editable, attached) for report in shown],
        "gone": len(reports) - len(shown),
        "new_claim": new_claim or new_claim_form(practice),
        "form": attached or new_claim,
        "refusal": refusal,
        **working_grade(practice),
        **_search(request, practice, shown),
    }  # fmt: skip
    return render(request, "practices/material.html", context, status=status)


def _column(report, practice, claims, editable, attached):
    """Return what the page shows of one report, in the order in which it is compared with others."""
    cited = [row for claim in claims for row in claim.evidence.all() if row.report_id == report.pk]
    form = None
    if editable and claims:
        form = forms.AttachForm(claims=claims, report=report, initial={"edit_version": practice.edit_version})
    if attached is not None and attached.report == report:
        form = attached
    more = [name for name in report.TEXTS if name not in SIDE_BY_SIDE]
    return {
        "report": report,
        "contexts": [
            similarity.context_label(context)
            for values in report.shown_contexts().values()
            for context in values
            if context.is_known
        ],
        "texts": [_text(report, name) for name in SIDE_BY_SIDE],
        "more": [text for name in more if (text := _text(report, name))["html"]],
        "cited": cited,
        "form": form,
        "lacks_claim": editable and not claims,
        "removable": editable and not cited,
    }


def _text(report, name):
    html = report.html.get(name, "")
    return {"name": name, "heading": heading(report, name), "html": html, "long": len(html) > LONG}


def _search(request, practice, shown):
    """Return the form that finds more reports, and what it found; without words, under the same stakes."""
    form = forms.SearchForm(request.GET if "q" in request.GET else None)
    context = {"search_form": form, "words": "", "found": []}
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["q"]
        by_address = find_report(request.user, words)
        if by_address:
            found = [by_address]
        elif words:
            found = found_by(words, request.user, MOST_FOUND + len(shown))
        else:
            reports = Experience.objects.visible_to(request.user)
            found = reports.under_stakes(practice.stake_slugs, MOST_FOUND + len(shown))
        there = {report.pk for report in shown}
        context |= {"words": words, "found": [one for one in found if one.pk not in there][:MOST_FOUND]}
    return context


# --- Acting ----------------------------------------------------------------------------------------


def _back(practice, report=None):
    address = reverse("practices:material", args=[practice.slug])
    return redirect(f"{address}#report-{report.public_id}" if report else address)


@member_only
@require_POST
def add(request, slug):
    """Gather the reports that were ticked."""
    practice = working_copy(request, slug)
    reports = ticked_reports(request)
    if not reports and practice.can_be_edited_by(request.user):
        return _page(request, practice, status=422, refusal=[_("Tick at least one report to add.")])
    try:
        practice.gather(reports, by=request.user)
    except ValidationError as error:
        return _page(request, practice, status=422, refusal=error.messages)
    sentence = ngettext("%(n)s report was added.", "%(n)s reports were added.", len(reports))
    messages.success(request, sentence % {"n": len(reports)})
    return _back(practice)


@member_only
@require_POST
def remove(request, slug, public_id):
    """Put a report back on the heap."""
    practice = working_copy(request, slug)
    reports = practice.gathered().filter(pk__in=Experience.objects.visible_to(request.user))
    practice.put_back(get_object_or_404(reports, public_id=public_id), by=request.user)
    return _back(practice)


@member_only
@require_POST
def add_claim(request, slug):
    """Write a claim, and stay beside the reports."""
    practice = working_copy(request, slug)
    form = forms.ClaimForm(request.POST, prefix="new", instance=Claim(practice=practice))
    if not form.is_valid():
        return _page(request, practice, status=422, new_claim=form)
    set_seen_version(practice, form)
    return _done(
        request, practice, lambda: practice.add_claim(by=request.user, **form.words()), new_claim=form
    )


@member_only
@require_POST
def attach(request, slug, public_id):
    """Cite a gathered report for a claim, and stay beside the reports."""
    practice = working_copy(request, slug)
    claims = practice.standing_claims()
    report = find_report(request.user, public_id)
    if report is None:
        raise Http404
    form = forms.AttachForm(request.POST, claims=claims, report=report, instance=Evidence(report=report))
    if not form.is_valid():
        return _page(request, practice, status=422, attached=form)
    claim = form.cleaned_data["claim"]
    claim.practice = practice
    set_seen_version(practice, form)
    return _done(
        request, practice, lambda: claim.cite(report, by=request.user, **form.words()), attached=form
    )


def _done(request, practice, act, **forms_):
    """Act on the working copy and come back beside the reports."""
    refused = attempt(request, practice, act, _page, **forms_)
    return refused or _back(practice, getattr(forms_.get("attached"), "report", None))
