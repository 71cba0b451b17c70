"""Writing a report: the form, its drafts, its sending, and what happens when two writings meet."""

import hashlib

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guards import member_only
from experiences import forms, previewing
from experiences.identifying.check import check_of
from experiences.models import Experience, Situation
from experiences.models.changes import Conflict
from experiences.models.parts import MOST_MEASURES, MOST_SOURCES, MOST_STAKES, Parts
from experiences.reading import reading

# What of a POST is about sending it, not about the report.
NOT_WORDS = {"csrfmiddlewaretoken", "do", "rows", "submission_key", "version", "warned"}


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Write a report; a form sent twice makes one."""
    report = prefilled(request.user)
    if request.method != "POST":
        return form_page(request, forms.ExperienceForm(instance=report), report)
    key = request.POST.get("submission_key", "")[:64].replace("\0", "")
    earlier = sent_before(request.user, key)
    if earlier:
        return sent_twice(request, earlier)
    report.submission_key, report.submission_digest = key, digest(request.POST)
    return receive(request, report)


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, public_id):
    """Change a report; a stale form overwrites nothing."""
    report = get_object_or_404(Experience.objects.visible_to(request.user), public_id=public_id)
    if not report.can_be_edited_by(request.user):
        if request.method == "POST" and report.author == request.user:
            return conflict_page(request, report)
        raise PermissionDenied
    if request.method == "POST":
        return receive(request, report)
    return form_page(request, forms.ExperienceForm(instance=report), report)


def prefilled(user):
    """Return an empty report in the member's situation and organisation."""
    mine = Situation.of(user)
    report = Experience(language=forms.default_language(), organisation=user.organisation)
    report.parts = Parts(contexts=list(mine.contexts.all()) if mine else [])
    return report


def sent_before(user, key):
    mine = Experience.objects.visible_to(user).filter(author=user)
    return mine.filter(submission_key=key).first() if key else None


def digest(post):
    """Return what tells two sendings of one form apart: a hash of their words."""
    words = [(name, post.getlist(name)) for name in sorted(post) if name not in NOT_WORDS]
    return hashlib.sha256(repr(words).encode("utf-8", "surrogatepass")).hexdigest()


def sent_twice(request, earlier):
    """The same words lead to the report they made; other words are kept and compared."""
    if digest(request.POST) == earlier.submission_digest:
        messages.info(request, _("This form had already been sent; here is the report it made."))
        return redirect(earlier if earlier.status != earlier.Status.DRAFT else edit_url(earlier))
    return conflict_page(request, earlier)


def edit_url(report):
    return reverse("experiences:edit", args=[report.public_id])


def receive(request, report):
    """Do with a posted form what its button says."""
    changed = request.POST.get("rows", "")
    form = forms.ExperienceForm(request.POST, instance=report, changed_rows=changed)
    if changed:
        form.is_valid()
        form.forget_errors()
        return form_page(request, form, report)
    if not form.is_valid():
        return form_page(request, form, report, status=422)
    pressed = request.POST.get("do")
    if pressed == "preview":
        return form_page(request, form, report, preview=preview_of(form.instance, request.user))
    return store(request, form, send=pressed == "send")


def store(request, form, *, send):
    """Write the report, and send it when asked; what is missing is said beside the kept draft."""
    report = form.instance
    if report.pk:
        report.version = form.cleaned_data["version"] or 0
    send = send and report.status in (report.Status.DRAFT, report.Status.RETURNED)
    check = first_look(request, report) if send else None
    try:
        report.write(by=request.user)
        if send and check is None:
            report.submit(by=request.user)
    except Conflict:
        return conflict_page(request, report)
    except (ValidationError, IntegrityError) as error:
        return refused(request, form, error)
    if check:
        form.refuse(ValidationError(report.missing()))
        return form_page(request, form, report, status=422, check=check, asked=True)
    return stored(request, report, send)


def first_look(request, report):
    """Return the Check an author should see before sending; None when there is none, or once seen."""
    if "warned" in request.POST:
        return None
    check = check_of(report, author=request.user)
    return check if check.stops else None


def refused(request, form, error):
    """Say what the model refused; a draft that was kept all the same goes on at its own address."""
    report = form.instance
    earlier = sent_before(request.user, report.submission_key) if report._state.adding else None
    if earlier:
        return sent_twice(request, earlier)
    if isinstance(error, IntegrityError):
        raise error
    form.refuse(error)
    if report.status == report.Status.DRAFT and report.pk:
        messages.info(request, _("Your draft is saved. It needs a little more before it can be sent."))
    return form_page(request, form, report, status=422)


def stored(request, report, send):
    """Lead on after a report was kept: to the form for a draft, else to its page."""
    S = report.Status
    told = {
        S.DRAFT: _("Draft saved. Only you can see it."),
        S.RETURNED: _("Saved. Send it again when you are ready."),
        S.SUBMITTED: _("Sent. A curator reads it first; you will find the answer under “My reports”."),
        S.PUBLISHED: _("Your report is published.") if send else _("Your changes are published."),
    }
    messages.success(request, told[report.status])
    return redirect(edit_url(report) if report.status in (S.DRAFT, S.RETURNED) else report)


def conflict_page(request, report):
    """Show what is stored and what was sent side by side; nothing is overwritten, no word is lost."""
    known = Experience.objects.visible_to(request.user)
    stored, instance = known.get(pk=report.pk), known.get(pk=report.pk)
    form = forms.ExperienceForm(request.POST, instance=instance)
    form.is_valid()
    locked = not stored.can_be_edited_by(request.user)
    context = {"differences": form.differences(stored), "conflict": True, "locked": locked}
    return form_page(request, form, stored, status=403 if locked else 409, **context)


def form_page(request, form, report, status=200, **context):
    kept = report.pk is not None
    if "check" not in context and (kept or form.is_bound):
        context["check"] = check_of(form.instance, author=request.user)
    context = {
        "form": form,
        "report": report,
        "action": edit_url(report) if kept else reverse("experiences:new"),
        "version": stored_version(request.user, report) if kept else "",
        "submission_key": request.POST.get("submission_key") or get_random_string(32),
        "progress": progress(form),
        "most": {"stakes": MOST_STAKES, "measures": MOST_MEASURES, "sources": MOST_SOURCES},
        **context,
    }
    return render(request, "experiences/form.html", context, status=status)


def stored_version(user, report):
    """Return the version a form must name; the one in hand may be the stale one that was sent."""
    return Experience.objects.visible_to(user).values_list("version", flat=True).get(pk=report.pk)


def progress(form):
    """Return what _progress.html shows of each part of the form: what is missing, where."""
    lacking = form.instance.missing()
    facets = [facet.slug for facet in form.facets if facet.required]
    parts = [
        ("story", _("The story"), ["title", "situation", "action", "result"]),
        ("at-stake", _("What was at stake"), ["stakes"]),
        ("where", _("Where it happened"), facets),
        ("outcome", _("The verdict"), ["verdict"]),
        ("name", _("Your name"), ["identity"]),
    ]
    return [part_progress(form, lacking, *part) for part in parts]


def part_progress(form, lacking, anchor, label, names):
    wrong = [name for name in names if name in form.errors and name not in lacking]
    gaps = [str(form[name].label) for name in names if name in lacking]
    state = "alert" if wrong else "ring" if gaps else "done"
    return {
        "anchor": anchor,
        "label": label,
        "state": state,
        "gaps": gaps,
        "alone": len(names) == 1,
        "wrong": wrong,
    }


def preview_of(report, author):
    """Return what the report's own page would show to a reader who is not signed in."""
    shown = previewing.as_published(report, author)
    return reading(shown, AnonymousUser())
