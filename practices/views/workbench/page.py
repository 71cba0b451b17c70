"""The workbench: the working copy with its claims, evidence, comments, live grade and verbs."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from practices import forms
from practices.models import Practice
from practices.verbs import VERBS
from practices.views.practice.evidence_summary import EvidenceSummary
from practices.views.workbench.working_copy import attempt

MOST_LOG_LINES = 50


def workbench_url(practice):
    return reverse("practices:workbench", args=[practice.slug])


def do(request, practice, act, at="", **forms_):
    """Call `act` and redirect to the workbench, to the place `at`; or show what was refused."""
    refused = attempt(request, practice, act, workbench_page, **forms_)
    return refused or redirect(workbench_url(practice) + (at and f"#{at}"))


def workbench_page(
    request, practice, *, status=200, new_claim=None, revised=None, commented=None, refused=None, refusal=()
):
    """Render the workbench; forms given by name were refused, and keep what was typed."""
    editable = practice.can_be_edited_by(request.user)
    verb_forms = VERBS.forms_for(request.user, practice)
    if refused is not None:
        verb_forms[refused.verb] = refused
    reading = EvidenceSummary(practice, practice, request.user)
    comments = CommentThreads(practice, request.user, commented)
    context = {
        "practice": practice,
        "words": practice,
        "editable": editable,
        "reading": reading,
        "claims": [
            _claim_entry(entry, practice, editable, revised) | {"comments": comments.about(entry["claim"])}
            for entry in reading.ledger
        ],
        "comments": comments.about(None),
        "open_comments": comments.open,
        **working_grade(practice),
        "missing": _sentences(practice.missing()),
        "new_claim": new_claim or new_claim_form(practice),
        "buttons": VERBS.buttons(verb_forms, "step"),
        "refusal": refusal,
        "form": refused or revised or new_claim or commented,
        "two_people": practice.status == practice.Status.IN_REVIEW and "publish" not in verb_forms,
        "log": practice.log.select_related("by").order_by("-pk")[:MOST_LOG_LINES],
    }  # fmt: skip
    return render(request, "practices/workbench.html", context, status=status)


def _claim_entry(entry, practice, editable, revised):
    """Add to a claim of the ledger the form that revises it."""
    one = entry["claim"]
    form = None
    if editable:
        initial = {"edit_version": practice.edit_version}
        form = forms.ClaimForm(prefix=f"claim-{one.pk}", instance=one, initial=initial)
    if revised is not None and revised.instance.pk == one.pk:
        form = revised
    return entry | {"form": form}


def _sentences(lacking):
    """Return what is missing as sentences."""
    return ValidationError(lacking).messages if lacking else []


class CommentThreads:
    """The comments of a working copy by the claim they are about; `sent` is a form that was refused."""

    def __init__(self, practice, user, sent=None):
        self.practice, self.sent = practice, sent
        rows = list(practice.comments.visible_to(user).select_related("by", "settled_by", "claim"))
        self.open = sum(row.settled_at is None for row in rows)
        self.by_claim = {}
        for row in rows:
            self.by_claim.setdefault(row.claim_id, []).append(row)

    def about(self, claim):
        """Return what practices/workbench/_comments.html takes for one claim, or for the whole (None)."""
        rows = self.by_claim.get(claim and claim.pk, [])
        return {
            "open": [row for row in rows if row.settled_at is None],
            "settled": [row for row in rows if row.settled_at],
            "form": self._form(claim),
        }

    def _form(self, claim):
        if self.sent is not None and self.sent.claim == claim:
            return self.sent
        under_way = self.practice.status in self.practice.UNDER_WAY
        return forms.CommentForm(claim=claim) if under_way else None


def new_claim_form(practice):
    """Return the empty form that adds a claim."""
    return forms.ClaimForm(prefix="new", initial={"edit_version": practice.edit_version})


def working_grade(practice):
    """Return the grade of the working copy, as `practices/_working_grade.html` takes it."""
    assessment = practice.assess(working=True)
    return {"assessment": assessment, "grade_label": Practice.Grade(assessment.code).label}
