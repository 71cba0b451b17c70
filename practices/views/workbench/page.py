"""The workbench, where curators distil reports to a practice: words, claims, evidence, states."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import member_only
from experiences.forms import VerbForm
from experiences.models import Experience
from experiences.models.versioning import Conflict
from practices import forms
from practices.models import Claim, Evidence, Practice
from practices.views.desk import curator_only
from practices.views.evidence_summary import Reading

MOST_LOG_LINES = 50


# --- The words -------------------------------------------------------------------------------------


@curator_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Begin a practice."""
    if request.method != "POST":
        practice = _begun()
        return _form_page(request, forms.PracticeForm(instance=practice), practice)
    key = request.POST.get("submission_key", "")[:64].replace("\0", "")
    try:
        return made_before(request, key) or _receive(request, _begun(key))
    except IntegrityError:
        # This form, or another practice of the same title, arrived at the same moment.
        return made_before(request, key) or _receive(request, _begun(key))


def _begun(key=""):
    """Return an empty practice in the language of the page."""
    language = (get_language() or "")[:2]
    known = language in Experience.Language.values
    return Practice(language=language if known else Experience.Language.ENGLISH, submission_key=key)


def made_before(request, key):
    """Lead to the practice that this form has already made, if it was sent before."""
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
    practice = working(request, slug)
    if not practice.can_be_edited_by(request.user):
        if request.method == "POST":
            return _conflict(request, practice)
        raise PermissionDenied
    if request.method == "POST":
        return _receive(request, practice)
    return _form_page(request, forms.PracticeForm(instance=practice), practice)


def working(request, slug):
    """Return the practice a curator works on: unknown to others if never published, else refused."""
    practice = get_object_or_404(
        Practice.objects.visible_to(request.user).for_list().prefetch_related("editors"), slug=slug
    )
    if not request.user.has_perm("practices.curate_practice"):
        raise PermissionDenied
    return practice


def _receive(request, practice):
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


# --- Claims and evidence ---------------------------------------------------------------------------


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def workbench(request, slug):
    """Show the working copy with its claims, evidence and live grade; a POST adds a claim."""
    practice = working(request, slug)
    if request.method != "POST":
        return _workbench_page(request, practice)
    form = forms.ClaimForm(request.POST, prefix="new", instance=Claim(practice=practice))
    if not form.is_valid():
        return _workbench_page(request, practice, new_claim=form, status=422)
    take_version(practice, form)
    return _do(request, practice, lambda: practice.add_claim(by=request.user, **form.words()), new_claim=form)


@member_only
@require_POST
def claim(request, slug, pk, verb):
    """Do with one claim what its button says."""
    practice = working(request, slug)
    found = claim_of(practice, pk)
    if verb == "revise":
        return _revise(request, practice, found)
    if verb == "comment":
        return _comment(request, practice, found)
    verbs = {
        "up": lambda: found.move(-1, by=request.user),
        "down": lambda: found.move(1, by=request.user),
        "remove": lambda: found.remove(by=request.user),
    }
    if verb not in verbs:
        raise Http404
    return _do(request, practice, verbs[verb])


def claim_of(practice, pk):
    """Return a claim of the working copy."""
    return get_object_or_404(practice.claims(), pk=pk)


def _revise(request, practice, found):
    form = forms.ClaimForm(request.POST, prefix=f"claim-{found.pk}", instance=found)
    if not form.is_valid():
        return _workbench_page(request, practice, revised=form, status=422)
    take_version(practice, form)
    return _do(request, practice, lambda: found.revise(by=request.user, **form.words()), revised=form)


@member_only
@require_POST
def comment(request, slug):
    """Say something of the working copy as a whole."""
    return _comment(request, working(request, slug))


def _comment(request, practice, found=None):
    form = forms.CommentForm(request.POST, claim=found)
    if not form.is_valid():
        return _workbench_page(request, practice, commented=form, status=422)

    def act():
        practice.comment(by=request.user, claim=found, **form.words())

    return _do(request, practice, act, at=f"claim-{found.pk}" if found else "comments", commented=form)


@member_only
@require_POST
def settle(request, slug, pk):
    """Say that nothing is left to do about a comment."""
    practice = working(request, slug)
    found = get_object_or_404(practice.comments.visible_to(request.user), pk=pk)
    at = f"claim-{found.claim_id}" if found.claim_id else "comments"
    return _do(request, practice, lambda: found.settle(by=request.user), at=at)


@member_only
@require_POST
def uncite(request, slug, pk):
    """Detach a report from a claim."""
    practice = working(request, slug)
    row = get_object_or_404(Evidence.objects.filter(claim__in=practice.claims()), pk=pk)
    row.claim.practice = practice
    return _do(request, practice, lambda: row.remove(by=request.user))


def take_version(practice, form):
    practice.edit_version = form.cleaned_data.get("edit_version") or practice.edit_version


def _do(request, practice, act, at="", **forms_):
    """Act on the working copy and come back to it, to the place `at`."""
    refused = attempt(request, practice, act, _workbench_page, **forms_)
    return refused or redirect(_workbench_url(practice) + (at and f"#{at}"))


def attempt(request, practice, act, page, **forms_):
    """Act on the working copy; return None, or where it is refused `page` with what was typed in `forms_`."""
    try:
        act()
    except PermissionDenied:
        locked = _("This practice is not open for changes as it stands. What you typed is kept below.")
        return page(request, practice, status=403, refusal=[locked], **forms_)
    except ValidationError as error:
        status = 409 if isinstance(error, Conflict) else 422
        fresh = working(request, practice.slug)
        for form in forms_.values():
            _show_version(form, fresh)
        return page(request, fresh, status=status, refusal=error.messages, **forms_)
    return None


def _show_version(form, practice):
    """Send a refused form again with the version that is now shown: the other's change stands above it."""
    if "edit_version" in form.fields:
        form.data = form.data.copy()
        form.data[form.add_prefix("edit_version")] = str(practice.edit_version)


# --- States ----------------------------------------------------------------------------------------


def _retire(practice, form, by):
    heir = form.heirs.get(form.cleaned_data.get("heir", ""))
    return practice.retire(by=by, heir=heir, note=form.cleaned_data.get("note", ""))


# verb: (the form of its words, what it does)
VERBS = {
    "submit": (VerbForm, lambda practice, form, by: practice.submit(by=by)),
    "publish": (VerbForm, lambda practice, form, by: practice.publish(by=by)),
    "reopen": (VerbForm, lambda practice, form, by: practice.reopen(by=by)),
    "return": (
        forms.ReturnForm,
        lambda practice, form, by: practice.return_to_curators(by=by, note=form.cleaned_data["note"]),
    ),
    "retire": (forms.RetireForm, _retire),
    "lower": (
        forms.LowerForm,
        lambda practice, form, by: practice.lower_grade(by=by, reason=form.cleaned_data["reason"]),
    ),
}


@member_only
@require_POST
def transition(request, slug, verb):
    """Move a practice from one state to the next, as the verb of its model allows."""
    practice = working(request, slug)
    if verb not in VERBS:
        raise Http404
    form = _verb_form(verb, practice, request.POST)
    if not form.is_valid():
        return _workbench_page(request, practice, refused=form, status=422)
    practice.edit_version = _seen_version(request) or practice.edit_version
    try:
        VERBS[verb][1](practice, form, request.user)
    except ValidationError as error:
        form.refuse(error)
        status = 409 if isinstance(error, Conflict) else 422
        return _workbench_page(request, working(request, slug), refused=form, status=status)
    messages.success(request, _told(verb))
    return redirect(practice if verb in ("publish", "retire") else _workbench_url(practice))


def _workbench_url(practice):
    return reverse("practices:workbench", args=[practice.slug])


def _told(verb):
    return {
        "submit": _("Sent to review. A second curator publishes it."),
        "publish": _("Published. This version now has its permanent address."),
        "reopen": _("A revision has begun. Readers keep the published version meanwhile."),
        "return": _("Returned to its curators with your sentence."),
        "retire": _("Retired."),
        "lower": _("The grade was set again."),
    }[verb]


def _seen_version(request):
    """Return the version of the working copy that the page showed, or None."""
    seen = request.POST.get("edit_version", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and 0 < len(seen) < 10 else None


def _verb_form(verb, practice, data=None):
    form_class = VERBS[verb][0]
    more = {"practice": practice} if form_class is forms.RetireForm else {}
    return form_class(data, verb=verb, **more)


def _offered(practice, user):
    """Return the verbs this curator may try on the practice as it stands."""
    S = Practice.Status
    offered = {
        S.DRAFT: ["submit"],
        S.RETURNED: ["submit"],
        S.IN_REVIEW: ["publish", "return"],
        S.PUBLISHED: ["reopen", "lower", "retire"],
        S.RETIRED: [],
    }[practice.status]
    if not practice.can_be_published_by(user):
        offered = [verb for verb in offered if verb != "publish"]
    return offered


def graded(practice):
    """Return the grade of the working copy, as `practices/_working_grade.html` takes it."""
    assessment = practice.assess(working=True)
    return {"assessment": assessment, "grade_label": Practice.Grade(assessment.code).label}


def _workbench_page(
    request, practice, *, status=200, new_claim=None, revised=None, commented=None, refused=None, refusal=()
):
    editable = practice.can_be_edited_by(request.user)
    verb_forms = {verb: _verb_form(verb, practice) for verb in _offered(practice, request.user)}
    if refused is not None:
        verb_forms[refused.verb] = refused
    reading = Reading(practice, practice, request.user)
    comments = Comments(practice, request.user, commented)
    context = {
        "practice": practice,
        "words": practice,
        "editable": editable,
        "reading": reading,
        "claims": [
            _with_form(entry, practice, editable, revised) | {"comments": comments.about(entry["claim"])}
            for entry in reading.ledger
        ],
        "comments": comments.about(None),
        "open_comments": comments.open,
        **graded(practice),
        "missing": _sentences(practice.missing()),
        "new_claim": new_claim or forms.ClaimForm(prefix="new", initial={"edit_version": practice.edit_version}),
        "verb_forms": verb_forms,
        "refusal": refusal,
        "form": refused or revised or new_claim or commented,
        "two_people": practice.status == practice.Status.IN_REVIEW and "publish" not in verb_forms,
        "log": practice.log.select_related("by").order_by("-pk")[:MOST_LOG_LINES],
    }  # fmt: skip
    return render(request, "practices/workbench.html", context, status=status)


class Comments:
    """The comments of a working copy, each beside the claim it is about; `sent` is a form that was refused."""

    def __init__(self, practice, user, sent=None):
        self.practice, self.sent = practice, sent
        rows = list(practice.comments.visible_to(user).select_related("by", "settled_by", "claim"))
        self.open = sum(row.settled_at is None for row in rows)
        self.by_claim = {}
        for row in rows:
            self.by_claim.setdefault(row.claim_id, []).append(row)

    def about(self, claim):
        """Return what practices/_comments.html takes for one claim, or for the whole (None)."""
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


def _with_form(entry, practice, editable, revised):
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
