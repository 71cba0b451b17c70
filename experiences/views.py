"""The pages of field reports: write, keep, read, and move from one state to the next."""

import hashlib

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import member_only, words_kept
from experiences import forms, likeness, previewing
from experiences.identifying.check import check_of
from experiences.models import Experience, Situation
from experiences.models.changes import Conflict
from experiences.models.parts import MOST_MEASURES, MOST_SOURCES, MOST_STAKES, Parts

# What of a POST is about sending it, not about the report.
NOT_WORDS = {"csrfmiddlewaretoken", "do", "rows", "submission_key", "version", "warned"}


# --- Writing ---------------------------------------------------------------------------------------


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


def heading(report, name):
    return report._meta.get_field(name).verbose_name


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def situation(request):
    """State where you work: copied into each new report, used to rank what you read."""
    held = Situation.of(request.user)
    form = forms.SituationForm(request.POST or None, chosen=list(held.contexts.all()) if held else [])
    if request.method == "POST" and form.is_valid():
        try:
            Situation.state(form.chosen_contexts(), by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your situation is saved."))
            return redirect("situation")
    context = {"form": form, "held": held}
    return render(request, "experiences/situation.html", context, status=422 if form.errors else 200)


# --- Reading ---------------------------------------------------------------------------------------


@member_only
@require_safe
def mine(request):
    """List the member's own reports by state, with what to do next."""
    reports = Experience.objects.visible_to(request.user).filter(author=request.user).for_list()
    by_state = {}
    for report in reports.prefetch_related("log").order_by("-created_at"):
        by_state.setdefault(report.status, []).append(report)
    S = Experience.Status
    order = [S.RETURNED, S.DRAFT, S.SUBMITTED, S.HIDDEN, S.PUBLISHED, S.WITHDRAWN]
    groups = [(state, state.label, by_state[state]) for state in order if state in by_state]
    return render(
        request, "experiences/mine.html", {"groups": groups, "situation": Situation.of(request.user)}
    )


@require_safe
def detail(request, public_id):
    report = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), public_id=public_id)
    return detail_page(request, report)


def detail_page(request, report, refusal=None, status=200):
    """Show a report; `refusal` is the form of a verb that was refused, its words kept."""
    user = request.user
    mine = Situation.of(user)
    forms_of_verbs = verb_forms(report, user, refusal)
    reviewed = {"publish", "restore"} & set(forms_of_verbs)
    context = {
        **reading(report, user, mine),
        "alike": likeness.explained(*map(likeness.known, (mine.contexts.all(), report.contexts.all())))
        if mine
        else "",
        "feeds": feeds(report),
        "is_author": user.is_authenticated and user == report.author,
        "can_edit": report.can_be_edited_by(user),
        "verb_forms": forms_of_verbs,
        "check": check_of(report) if reviewed else None,
        "log": report.log.select_related("by") if may_read_log(report, user) else [],
        "form": refusal,
    }
    return render(request, "experiences/detail.html", context, status=status)


def reading(report, user, mine=None):
    """Return what the page of a report shows of its words to `user`, in the situation `mine`."""
    exact = report.identity == report.Identity.NAMED or user == report.author
    return {
        "report": report,
        "texts": [(name, heading(report, name), report.html.get(name)) for name in report.TEXTS],
        "facts": facts(report, mine),
        "sources": report.sources_for(user),
        "day": "DATE_FORMAT" if exact else "YEAR_MONTH_FORMAT",
    }


def facts(report, mine):
    """Return [(facet, values, is it the reader's own)] in the order of the facets."""
    own = set(mine.contexts.all()) if mine else set()
    return [
        (values[0].facet, values, any(value in own and value.is_known for value in values))
        for values in report.shown_contexts().values()
    ]


def feeds(report):
    """Return the public evidence this report gives, with its claim and practice."""
    rows = report.evidence.public().select_related("claim__practice", "claim__version")
    return rows.order_by("claim__practice", "claim__position")


def may_read_log(report, user):
    return user == report.author or user.has_perm("experiences.review_experience")


# --- Verbs -----------------------------------------------------------------------------------------


def _link(report, *, by, other):
    """Tell that `other` (an address or identifier) is about the same event."""
    public_id = other.strip().rstrip("/").rpartition("/")[2]
    found = Experience.objects.visible_to(by).filter(public_id=public_id[:12]).first()
    if not by.has_perm("experiences.review_experience"):
        raise PermissionDenied
    if found is None or len(public_id) != 12:
        raise ValidationError({"other": _("No report has this address. Copy it from the report’s page.")})
    return report.tells_same_event_as(found, by=by)


# verb: (what it does, the form of its words)
VERBS = {
    "submit": (Experience.submit, forms.VerbForm),
    "publish": (Experience.publish, forms.VerbForm),
    "return": (Experience.return_to_author, forms.ReturnForm),
    "withdraw": (Experience.withdraw, forms.NoteForm),
    "discard": (Experience.discard, forms.VerbForm),
    "flag": (Experience.flag, forms.FlagForm),
    "restore": (Experience.restore, forms.OptionalNoteForm),
    "follow-up": (Experience.follow_up, forms.FollowUpForm),
    "link": (_link, forms.LinkForm),
}


@require_POST
def transition(request, public_id, verb):
    """Move a report to its next state; a refusal keeps the words on the page."""
    if verb not in VERBS:
        raise Http404
    report = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), public_id=public_id)
    if not request.user.is_authenticated:
        return words_kept(request, report.get_absolute_url())
    check = first_look(request, report) if verb == "submit" and request.user == report.author else None
    if check and report.can_be_edited_by(request.user):
        form = forms.ExperienceForm(instance=report)
        return form_page(request, form, report, status=422, check=check, asked=True)
    act, form_class = VERBS[verb]
    form = form_class(request.POST, verb=verb)
    seen = request.POST.get("version", "")
    if seen.isdecimal() and len(seen) < 10:
        report.version = int(seen)
    try:
        if not form.is_valid():
            return detail_page(request, report, form, status=422)
        act(report, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.refuse(error)
        current = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), pk=report.pk)
        return detail_page(request, current, form, status=409 if isinstance(error, Conflict) else 422)
    return moved(request, report, verb)


def moved(request, report, verb):
    """Say what was done, and lead to where the person may still look."""
    messages.success(request, done(report, verb))
    if verb == "discard":
        return redirect("experiences:mine")
    if Experience.objects.visible_to(request.user).filter(pk=report.pk).exists():
        return redirect(report)
    return redirect("experiences:index")


def done(report, verb):
    told = {
        "publish": _("The report is published."),
        "return": _("The report went back to its author, with your words."),
        "withdraw": _("The report is withdrawn."),
        "discard": _("The draft is deleted."),
        "flag": _("Thank you. The report is hidden until a moderator has looked at it."),
        "restore": _("The report is shown again."),
        "follow-up": _("Your follow-up is added."),
        "link": _("The two reports now count as one event."),
    }
    if verb == "submit" and report.status == report.Status.PUBLISHED:
        return _("Your report is published.")
    return told.get(verb, _("Sent. A curator reads it first; you will find the answer under “My reports”."))


def verb_forms(report, user, refusal):
    """Return {verb: form} for what `user` may do to `report` now."""
    wanted = {verb: VERBS[verb][1](verb=verb) for verb in open_verbs(report, user)}
    if refusal is not None and refusal.verb in wanted:
        wanted[refusal.verb] = refusal
    return {verb.replace("-", "_"): form for verb, form in wanted.items()}


def open_verbs(report, user):
    """Yield the verbs whose buttons this person sees; the verbs themselves decide again."""
    S = report.Status
    if not user.is_authenticated:
        return
    author = user == report.author
    if author and report.status in (S.DRAFT, S.RETURNED):
        yield "submit"
    if author and report.status == S.DRAFT:
        yield "discard"
    if author and report.status == S.PUBLISHED:
        yield "follow-up"
    if report.can_be_withdrawn_by(user) and report.status in (S.PUBLISHED, S.HIDDEN):
        yield "withdraw"
    if report.can_be_reviewed_by(user) and report.status == S.SUBMITTED:
        yield from ("publish", "return")
    if user.has_perm("experiences.moderate_experience") and report.status == S.HIDDEN:
        yield "restore"
    if user.has_perm("experiences.review_experience") and report.status == S.PUBLISHED:
        yield "link"
    if report.status == S.PUBLISHED and not author:
        yield "flag"
