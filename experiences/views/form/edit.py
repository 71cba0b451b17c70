"""Writing a report: the form, its drafts, its sending, and what happens when two writings meet."""

import copy

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import counts_itself, limited, member_only, words_kept
from accounts.limits import count
from config.refusals.too_often import TooOften, say_when, too_often_page
from config.versioning import Conflict
from experiences import forms
from experiences.models import Experience, Keyword, Situation
from experiences.models.first_signs import MOST_SIGNS
from experiences.models.report.content import cache_related
from experiences.models.report.parts import MOST_MEASURES, MOST_SOURCES, MOST_STAKES, Parts, keyword_name
from experiences.models.vocabulary.cache import choosable, lists
from experiences.privacy.check import check_of
from experiences.text import markdown
from experiences.views.form.autosave import autosave
from experiences.views.form.open_form import (
    as_post,
    edit_url,
    form_digest,
    hidden_value,
    is_repeated,
    is_same_page,
    made_by_form,
    member_token,
    open_page,
    use_version_sent,
)
from experiences.views.form.progress import progress
from experiences.views.report_context import report_context

WHOLE_PAGE, NOTE_PAGE = "experiences/form.html", "experiences/note.html"
MOST = {
    "stakes": MOST_STAKES,
    "measures": MOST_MEASURES,
    "sources": MOST_SOURCES,
    "first_signs": MOST_SIGNS,
}


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
@counts_itself
def new(request):
    """Write a report; a form sent twice makes one."""
    if request.method == "POST":
        key = hidden_value(request, "submission_key", 64)
        return answer_form(request, Experience(submission_key=key))
    like = Experience.objects.visible_to(request.user).published()
    like = like.at_address(request.GET.get("begun_from", "")).first()
    report = prefilled(request.user, request.GET, like)
    return form_page(request, forms.ExperienceForm(instance=report), report, begun_from=like)


@member_only
@require_safe
def note(request):
    """Ask for the least that is worth keeping: it becomes a draft, which grows in the whole form."""
    report = prefilled(request.user, request.GET)
    return form_page(request, forms.QuickNoteForm(instance=report), report, template=NOTE_PAGE)


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
@counts_itself
def edit(request, public_id):
    """Change a report; a stale form overwrites nothing."""
    report = get_object_or_404(Experience.objects.visible_to(request.user), public_id=public_id)
    if request.method == "POST" and report.author == request.user:
        return answer_form(request, report)
    if not report.can_be_edited_by(request.user):
        raise PermissionDenied
    if not report.unsaved:
        return form_page(request, forms.ExperienceForm(instance=report), report)
    # What was typed and could not be stored comes back as it was left, and says what is wrong with it.
    form = forms.ExperienceForm(as_post(report.unsaved), instance=report)
    form.is_valid()
    return form_page(request, form, report, unsaved=True)


def prefilled(user, asked, like=None):
    """Return an empty report in the member's situation and organisation, begun with the stakes and contexts
    that the address `asked` for, as invitations to tell something do; what no list has is passed over.
    From a report `like` it come the stakes: nothing that its author wrote, nothing of where it happened.
    """
    mine = Situation.of(user)
    named = contexts_named(asked)
    apart = {context.facet_id for context in named}
    own = [one for one in choosable(mine.contexts.all()) if one.facet_id not in apart] if mine else []
    wanted = set(asked.getlist("stake"))
    if like:
        wanted |= {stake.slug for stake in like.stakes.all()}
    stakes = [stake for stake in choosable(lists().stakes) if stake.slug in wanted]
    report = Experience(language=forms.default_language(), organisation=user.organisation)
    report.parts = Parts(stakes=stakes[:MOST_STAKES], contexts=own + named)
    return report


def contexts_named(asked):
    """Return the contexts that the address names by their facets, of each no more than a report takes."""
    found = {}
    for context in choosable(lists().contexts):
        if context.slug in asked.getlist(context.facet.slug):
            found.setdefault(context.facet, []).append(context)
    return [context for facet, named in found.items() for context in named[: facet.most]]


def answer_form(request, report):
    """Do with a posted form what its button says."""
    if request.POST.get("member", member_token(request.user)) != member_token(request.user):
        return words_kept(request, request.path)
    pressed, changed = request.POST.get("do"), request.POST.get("rows", "")
    try:
        count("drafts", request)
    except TooOften as refusal:
        return refused_too_often(request, report, refusal)
    if pressed == "keep":
        return autosave(request, report)
    if report.pk and not report.can_be_edited_by(request.user):
        return answer_repeated(request, report)
    if pressed == "forget" and report.pk:
        return discard_unsaved(request, report)
    form = form_sent(request)(request.POST, instance=report, changed_rows=changed)
    if "replace" in request.POST:
        form = replaced(request, form)
        return form_page(request, form, report, restored=True)
    if changed:
        form.is_valid()
        form.forget_errors()
        return form_page(request, form, report, **(resumed(request) if changed == "restore" else {}))
    if not form.is_valid():
        return form_page(request, form, report, status=422)
    if pressed == "preview":
        return form_page(request, form, report, preview=preview_of(form.instance, request.user))
    return store(request, form, send=pressed == "send")


def is_note(request):
    """Whether the page of a quick note was sent, which comes back where it is refused."""
    return request.POST.get("do") == "note"


def form_sent(request):
    return forms.QuickNoteForm if is_note(request) else forms.ExperienceForm


def replaced(request, form):
    """Return the form as it was sent, with the words that its button names put neutrally where they stand;
    nothing is stored.
    """
    name, _colon, words = request.POST["replace"].partition(":")
    form.is_valid()
    sent = request.POST.copy()
    for spot in check_of(form.instance, author=request.user).under.get(name, ()):
        if spot.can_be_replaced and spot.finding.words == words:
            sent[name] = getattr(form.instance, name).replace(words, spot.instead)
    form = forms.ExperienceForm(sent, instance=form.instance)
    form.is_valid()
    form.forget_errors()
    return form


def refused_too_often(request, report, refusal):
    """Store nothing for now: the form keeps its words, and while one types, the device does."""
    if request.POST.get("do") == "keep":
        return too_often_page(request, refusal)
    form = form_sent(request)(request.POST, instance=report)
    form.is_valid()
    form.refuse(refusal)
    return say_when(form_page(request, form, report, status=429), refusal)


def store(request, form, *, send):
    """Write the report, and send it when asked; what is missing is said beside the kept draft."""
    report, S = form.instance, Experience.Status
    if report.pk and is_repeated(request, report):
        return answer_repeated(request, report)
    use_version_sent(request, report)
    report.submission_digest = form_digest(request.POST)
    send = send and report.status in (S.DRAFT, S.RETURNED)
    check = warning_before_sending(request, report) if send else None
    lacking = report.missing() if send else {}
    if lacking and not report.pk and not report.first_words:
        form.refuse(ValidationError(lacking))  # Nothing was told yet: nothing is left as a draft.
        return form_page(request, form, report, status=422)
    try:
        if send and not check and not lacking:
            report.send(by=request.user, page=open_page(request))
        else:
            report.write(by=request.user, page=open_page(request))
    except (Conflict, IntegrityError) as error:
        return answer_overtaken(request, report, error)
    except ValidationError as error:
        form.refuse(error)
        return form_page(request, form, report, status=422)
    if check:
        report.note_warned()
    if not check and not lacking:
        return redirect_after_storing(request, report, send)
    if lacking:
        form.refuse(ValidationError(lacking))
    if not check and report.status == S.DRAFT:
        messages.info(request, _("Your draft is saved. It needs a little more before it can be sent."))
    return form_page(request, form, report, status=422, check=check, asked=bool(check))


def resumed(request):
    """Return what makes a page go on for one that was closed with words it could not send."""
    return {"restored": True, "page": open_page(request), "version": hidden_value(request, "version", 10)}


def answer_overtaken(request, report, error):
    """Another sending of this form, or another page, came first: look at what it left."""
    if report.pk is None or report._state.adding:
        earlier = made_by_form(request.user, report.submission_key)
        if earlier is None:
            raise error
        if (
            is_same_page(request, earlier)
            and earlier.can_be_edited_by(request.user)
            and not is_repeated(request, earlier)
        ):
            return answer_form(request, earlier)
        return answer_repeated(request, earlier)
    return answer_repeated(request, Experience.objects.visible_to(request.user).get(pk=report.pk))


def answer_repeated(request, earlier):
    """The same words lead to the report they made; other words are kept and compared."""
    if earlier.submission_digest and form_digest(request.POST) == earlier.submission_digest:
        messages.info(request, _("This form had already been sent; here is the report it made."))
        return redirect(earlier if earlier.status != earlier.Status.DRAFT else edit_url(earlier))
    return conflict_page(request, earlier)


def discard_unsaved(request, report):
    """Go back to what is stored."""
    report.drop_unsaved(by=request.user)
    messages.info(request, _("The changes that were not stored are forgotten."))
    return redirect(edit_url(report))


# --- While it is typed -----------------------------------------------------------------------------


@member_only
@require_POST
@limited("searches")
def check(request):
    """Answer what the side panel says of words not sent yet; nothing is stored."""
    form = forms.ExperienceForm(request.POST, instance=Experience())
    form.is_valid()
    return render(
        request,
        "experiences/form/_check.html",
        {"check": check_of(form.instance, author=request.user), "alone": True},
    )


# --- What the page shows ---------------------------------------------------------------------------


def warning_before_sending(request, report):
    """Return the Check an author should see before sending; None when there is none, or once seen: whatever
    they do until it is sent, on whichever page, they are not asked again.
    """
    if report.warned_at:
        return None
    check = check_of(report, author=request.user)
    return check if check.stops else None


def redirect_after_storing(request, report, send):
    """Lead on after a report was kept: to the form for a draft, else to its page."""
    S = report.Status
    told = {
        S.DRAFT: note_kept() if is_note(request) else _("Draft saved. Only you can see it."),
        S.RETURNED: _("Saved. Send it again when you are ready."),
        S.SUBMITTED: _("Sent. A curator reads it first; you will find the answer under “My reports”."),
        S.PUBLISHED: _("Your report is published.") if send else _("Your changes are published."),
    }
    messages.success(request, told[report.status])
    return redirect(edit_url(report) if report.status in (S.DRAFT, S.RETURNED) else report)


def note_kept():
    """Return the sentence that says where a quick note went, with the way there."""
    mine = format_html('<a href="{}">{}</a>', reverse("experiences:mine"), _("My reports"))
    sentence = _("Your note is kept as a draft, in {mine}. Complete it whenever you like.")
    return format_html(sentence, mine=mine)


def conflict_page(request, report):
    """Show what is stored and what was sent side by side; nothing is overwritten, no word is lost."""
    known = Experience.objects.visible_to(request.user)
    stored, instance = known.get(pk=report.pk), known.get(pk=report.pk)
    form = forms.ExperienceForm(request.POST, instance=instance)
    form.is_valid()
    locked = not stored.can_be_edited_by(request.user)
    context = {"differences": form.differences(stored), "conflict": True, "locked": locked}
    status = 403 if locked else 409
    return form_page(request, form, stored, status=status, template=WHOLE_PAGE, **context)


def form_page(request, form, report, status=200, template="", **context):
    kept = report.pk is not None
    template = template or (NOTE_PAGE if is_note(request) else WHOLE_PAGE)
    if not context.get("check") and (kept or form.is_bound):
        context["check"] = check_of(form.instance, author=request.user)
    if context.get("check"):
        form.point_out(context["check"])
    context = {
        "form": form,
        "report": report,
        "action": edit_url(report) if kept else reverse("experiences:new"),
        "version": stored_version(request.user, report) if kept else "",
        "submission_key": request.POST.get("submission_key")
        or report.submission_key
        or get_random_string(32),
        "page": get_random_string(32),
        "member": member_token(request.user),
        "progress": progress(form),
        "most": MOST,
        **context,
    }
    return render(request, template, context, status=status)


def stored_version(user, report):
    """Return the version a form must name; the one in hand may be the stale one that was sent."""
    return Experience.objects.visible_to(user).values_list("version", flat=True).get(pk=report.pk)


def preview_of(report, author):
    """Return what the report's own page would show to a reader who is not signed in."""
    shown = as_published(report, author)
    return report_context(shown, AnonymousUser())


def as_published(report, author):
    """Return a copy of `report`, its parts in hand, that its page shows as if `author` had published it."""
    shown = copy.copy(report)
    shown.author, shown.status = author, report.Status.PUBLISHED
    shown.published_at = report.published_at or timezone.now()
    shown.settle_author_stakes()
    shown.html = {name: markdown.render(getattr(report, name)) for name in report.TEXTS}
    shown.pk = report.pk or 0  # A row that is not stored has no related rows to ask for.
    shown._prefetched_objects_cache = {}
    for name in ("stakes", "contexts", "measures", "sources"):
        cache_related(shown, name, report.given(name))
    names = [keyword_name(str(word)) for word in report.given("keywords")]
    cache_related(shown, "keywords", [Keyword(name=name) for name in names])
    shown.parts = None
    shown.strength = shown.compute_strength()
    return shown
