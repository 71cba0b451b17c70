"""Writing a report: the form, its drafts, its sending, and what happens when two writings meet."""

import copy
import hashlib

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import member_only, words_kept
from config.text import UNSTORABLE, whole_number
from experiences import forms
from experiences.models import Experience, Situation
from experiences.models.report.parts import MOST_MEASURES, MOST_SOURCES, MOST_STAKES, Parts
from experiences.models.versioning import Conflict
from experiences.models.vocabulary_cache import choosable
from experiences.privacy.check import check_of
from experiences.views import preview
from experiences.views.report_context import reading

# What of a POST is about sending it, not about the report.
NOT_WORDS = {"csrfmiddlewaretoken", "do", "rows", "submission_key", "version", "page", "member", "warned"}


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Write a report; a form sent twice makes one."""
    if request.method == "POST":
        key = named(request, "submission_key", 64)
        return receive(request, Experience(submission_key=key))
    report = prefilled(request.user)
    return form_page(request, forms.ExperienceForm(instance=report), report)


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, public_id):
    """Change a report; a stale form overwrites nothing."""
    report = get_object_or_404(Experience.objects.visible_to(request.user), public_id=public_id)
    if request.method == "POST" and report.author == request.user:
        return receive(request, report)
    if not report.can_be_edited_by(request.user):
        raise PermissionDenied
    if not report.unsaved:
        return form_page(request, forms.ExperienceForm(instance=report), report)
    # What was typed and could not be stored comes back as it was left, and says what is wrong with it.
    form = forms.ExperienceForm(as_sent(report.unsaved), instance=report)
    form.is_valid()
    return form_page(request, form, report, unsaved=True)


def prefilled(user):
    """Return an empty report in the member's situation and organisation."""
    mine = Situation.of(user)
    report = Experience(language=forms.default_language(), organisation=user.organisation)
    report.parts = Parts(contexts=choosable(mine.contexts.all()) if mine else [])
    return report


def sent_before(user, key):
    mine = Experience.objects.visible_to(user).filter(author=user)
    return mine.filter(submission_key=key).first() if key else None


def words_of(post):
    """Return {name: [texts]} of what a form says of the report, without what no database keeps."""
    return {
        name: [UNSTORABLE.sub("", text) for text in post.getlist(name)]
        for name in sorted(post)
        if name not in NOT_WORDS
    }


def as_sent(words):
    """Return `words`, as words_of() gave them, in the shape of a POST."""
    sent = QueryDict(mutable=True)
    for name, texts in words.items():
        sent.setlist(name, texts)
    return sent


def digest(post):
    """Return what tells two sendings of one form apart: a hash of their words."""
    words = [(name, post.getlist(name)) for name in sorted(post) if name not in NOT_WORDS]
    return hashlib.sha256(repr(words).encode("utf-8", "surrogatepass")).hexdigest()


def named(request, name, length):
    """Return what an input that people do not see holds, as it may be looked up and stored."""
    return UNSTORABLE.sub("", request.POST.get(name, ""))[:length]


def page_of(request):
    """Return the name of the open form that was sent; "" when it has none."""
    return named(request, "page", 32)


def token_of(user):
    """Return what tells whose form a page holds, without telling who: another may sign in meanwhile."""
    return salted_hmac("experiences.writing", str(user.pk), algorithm="sha256").hexdigest()[:16]


def edit_url(report):
    return reverse("experiences:edit", args=[report.public_id])


def receive(request, report):
    """Do with a posted form what its button says."""
    if request.POST.get("member", token_of(request.user)) != token_of(request.user):
        return words_kept(request, request.path)
    pressed, changed = request.POST.get("do"), request.POST.get("rows", "")
    if pressed == "keep":
        return keep(request, report)
    if report.pk and not report.can_be_edited_by(request.user):
        return met(request, report)
    if pressed == "forget" and report.pk:
        return forget(request, report)
    form = forms.ExperienceForm(request.POST, instance=report, changed_rows=changed)
    if changed:
        form.is_valid()
        form.forget_errors()
        return form_page(request, form, report, **(restored(request) if changed == "restore" else {}))
    if not form.is_valid():
        return form_page(request, form, report, status=422)
    if pressed == "preview":
        return form_page(request, form, report, preview=preview_of(form.instance, request.user))
    return store(request, form, send=pressed == "send")


def store(request, form, *, send):
    """Write the report, and send it when asked; what is missing is said beside the kept draft."""
    report, S = form.instance, Experience.Status
    if report.pk and is_done(request, report):
        return met(request, report)
    take_version(request, report)
    report.submission_digest = digest(request.POST)
    send = send and report.status in (S.DRAFT, S.RETURNED)
    check = warning_before_sending(request, report) if send else None
    lacking = report.missing() if send else {}
    try:
        if send and not check and not lacking:
            report.send(by=request.user, page=page_of(request))
        else:
            report.write(by=request.user, page=page_of(request))
    except (Conflict, IntegrityError) as error:
        return overtaken(request, report, error)
    except ValidationError as error:
        form.refuse(error)
        return form_page(request, form, report, status=422)
    if not check and not lacking:
        return stored(request, report, send)
    if lacking:
        form.refuse(ValidationError(lacking))
    if not check and report.status == S.DRAFT:
        messages.info(request, _("Your draft is saved. It needs a little more before it can be sent."))
    return form_page(request, form, report, status=422, check=check, asked=bool(check))


def restored(request):
    """Return what makes a page go on for one that was closed with words it could not send."""
    return {"restored": True, "page": page_of(request), "version": named(request, "version", 10)}


def take_version(request, report):
    """Let the form overwrite what it was made from, or what the same open page wrote last; nothing else."""
    if report.pk and not is_own(request, report):
        report.version = whole_number(request.POST.get("version", "")) or 0


def is_own(request, report):
    """Whether the open page that sends now is the one that wrote last."""
    return bool(report.page) and report.page == page_of(request)


def is_done(request, report):
    """Whether this very form, with these very words, has done its work already."""
    same = bool(report.submission_digest) and report.submission_digest == digest(request.POST)
    return same and (is_own(request, report) or not report.can_be_edited_by(request.user))


def overtaken(request, report, error):
    """Another sending of this form, or another page, came first: look at what it left."""
    if report.pk is None or report._state.adding:
        earlier = sent_before(request.user, report.submission_key)
        if earlier is None:
            raise error
        if (
            is_own(request, earlier)
            and earlier.can_be_edited_by(request.user)
            and not is_done(request, earlier)
        ):
            return receive(request, earlier)
        return met(request, earlier)
    return met(request, Experience.objects.visible_to(request.user).get(pk=report.pk))


def met(request, earlier):
    """The same words lead to the report they made; other words are kept and compared."""
    if earlier.submission_digest and digest(request.POST) == earlier.submission_digest:
        messages.info(request, _("This form had already been sent; here is the report it made."))
        return redirect(earlier if earlier.status != earlier.Status.DRAFT else edit_url(earlier))
    return conflict_page(request, earlier)


def forget(request, report):
    """Go back to what is stored."""
    report.drop_unsaved(by=request.user)
    messages.info(request, _("The changes that were not stored are forgotten."))
    return redirect(edit_url(report))


# --- While it is typed -----------------------------------------------------------------------------


def keep(request, report):
    """Keep what an open page holds, and tell the page how; nothing is sent, published or refused by it.

    Answers a fragment for static/js/auto-save.js: 200, or 409 when something else was stored
    meanwhile, which is left alone.
    """
    if report.pk and not report.can_be_edited_by(request.user):
        return kept_page(request, report, "conflict", status=409)
    take_version(request, report)
    stored = copy.copy(report)
    form = forms.ExperienceForm(request.POST, instance=report)
    try:
        if report.status != report.Status.PUBLISHED and form.is_valid():
            report.submission_digest = ""
            report.write(by=request.user, page=page_of(request))
            return kept_page(request, report, "saved", form)
        form.is_valid()
        stored.title = stored.title or form.cleaned_data.get("title") or ""
        stored.keep_words(words_of(request.POST), by=request.user, page=page_of(request))
        return kept_page(
            request, stored, "public" if report.status == report.Status.PUBLISHED else "unfit", form
        )
    except (Conflict, IntegrityError) as error:
        if report.pk and not report._state.adding:
            return kept_page(request, report, "conflict", status=409)
        earlier = sent_before(request.user, report.submission_key)
        if earlier is None:
            raise error
        if not is_own(request, earlier):
            return kept_page(request, earlier, "conflict", status=409)
        return keep(request, earlier)


def kept_page(request, report, state, form=None, status=200):
    context = {
        "report": report,
        "state": state,
        "action": edit_url(report),
        "progress": progress(form) if form else (),
    }
    return render(request, "experiences/_kept.html", context, status=status)


@member_only
@require_POST
def check(request):
    """Answer what the side panel says of words not sent yet; nothing is stored."""
    form = forms.ExperienceForm(request.POST, instance=Experience())
    form.is_valid()
    return render(request, "experiences/_check.html", {"check": check_of(form.instance, author=request.user)})


# --- What the page shows ---------------------------------------------------------------------------


def warning_before_sending(request, report):
    """Return the Check an author should see before sending; None when there is none, or once seen."""
    if "warned" in request.POST:
        return None
    check = check_of(report, author=request.user)
    return check if check.stops else None


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
        "submission_key": request.POST.get("submission_key")
        or report.submission_key
        or get_random_string(32),
        "page": get_random_string(32),
        "member": token_of(request.user),
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
    shown = preview.as_published(report, author)
    return reading(shown, AnonymousUser())
