"""The pages of field reports: read, and move from one state to the next; and one's own situation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import member_only, words_kept
from experiences import forms, review_queue
from experiences.models import Experience, Question, Situation
from experiences.models.report.parts import MOST_STAKES
from experiences.models.versioning import Conflict
from experiences.privacy.check import check_of
from experiences.search import similarity
from experiences.views import questions
from experiences.views.edit import first_look, form_page
from experiences.views.redaction import withholding_page
from experiences.views.report_context import reading
from experiences.views.revisions import since_sent

# --- Situation -------------------------------------------------------------------------------------


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
    for report in reports.prefetch_related("log", "questions").order_by("-created_at"):
        by_state.setdefault(report.status, []).append(report)
    S = Experience.Status
    order = [S.RETURNED, S.DRAFT, S.SUBMITTED, S.HIDDEN, S.PUBLISHED, S.WITHDRAWN]
    groups = [(state, state.label, by_state[state]) for state in order if state in by_state]
    asked = Question.objects.visible_to(request.user).filter(by=request.user).select_related("report")
    context = {"groups": groups, "situation": Situation.of(request.user), "questions": asked}
    return render(request, "experiences/mine.html", context)


@require_safe
def detail(request, public_id):
    report = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), public_id=public_id)
    return detail_page(request, report)


def detail_page(request, report, refusal=None, status=200):
    """Show a report; `refusal` is the form of a verb that was refused, its words kept."""
    user = request.user
    mine = Situation.of(user)
    flags = report.flags_for(user)
    forms_of_verbs = verb_forms(report, user, refusal)
    reviewed = {"publish", "restore"} & set(forms_of_verbs)
    context = {
        **reading(report, user, mine),
        "alike": similarity.explained(*map(similarity.known, (mine.contexts.all(), report.contexts.all())))
        if mine
        else "",
        "feeds": feeds(report),
        "withheld": user.has_perm("experiences.moderate_experience") and report.redactions.kept().exists(),
        "past": list(report.revisions.visible_to(user).defer("told")),
        "since_sent": since_sent(report, user),
        "is_author": user.is_authenticated and user == report.author,
        "queue": queue(report, user),
        "can_edit": report.can_be_edited_by(user),
        "verb_forms": forms_of_verbs,
        "flags": flags,
        "asked": questions.questions_of(report, user, refusal),
        "visitor": not user.is_authenticated,
        "check": check_of(report) if reviewed else None,
        "log": report.log.select_related("by") if report.can_be_read_whole_by(user) else [],
        "form": refusal,
        "most_stakes": MOST_STAKES,
    }
    return render(request, "experiences/detail.html", context, status=status)


def queue(report, user):
    """Return where a report stands that waits for a curator, for its author."""
    if user != report.author or report.status != report.Status.SUBMITTED:
        return None
    return {"place": review_queue.place(report), "usual": review_queue.usual_days()}


def feeds(report):
    """Return the public evidence this report gives, with its claim and practice.

    Of a practice that can be read in several languages, what it gives the one of the page.
    """
    found = report.evidence.public().select_related("claim__practice", "claim__version")
    rows = list(found.order_by("claim__practice", "claim__position"))
    here = {_family(row) for row in rows if row.claim.version.language == get_language()}
    return [row for row in rows if row.claim.version.language == get_language() or _family(row) not in here]


def _family(row):
    return row.claim.practice.translation_of_id or row.claim.practice_id


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
    "stakes": (Experience.set_stakes, forms.StakesForm),
    "withdraw": (Experience.withdraw, forms.NoteForm),
    "discard": (Experience.discard, forms.VerbForm),
    "flag": (Experience.flag, forms.FlagForm),
    "restore": (Experience.restore, forms.OptionalNoteForm),
    "keep": (Experience.keep, forms.OptionalNoteForm),
    "withhold": (Experience.withhold_words, forms.WithholdForm),
    "follow-up": (Experience.follow_up, forms.FollowUpForm),
    "ask": (Experience.ask, forms.AskForm),
    "withdraw-trust": (Experience.withdraw_trust, forms.NoteForm),
    "give-trust-back": (Experience.give_trust_back, forms.OptionalNoteForm),
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
    form = form_class(request.POST, verb=verb, report=report)
    report.version = version_seen(request) or report.version
    if verb == "withhold" and "confirmed" not in request.POST:
        return withholding_page(request, report, form, refused)
    return refused(request, report, form, lambda words: act(report, by=request.user, **words)) or moved(
        request, report, verb
    )


@require_POST
def question(request, public_id, question_id, verb):
    """Answer a question, take it back or remove it; a refusal keeps the words on the page."""
    if verb not in questions.VERBS:
        raise Http404
    known = Question.objects.visible_to(request.user).select_related("report__author", "by")
    found = get_object_or_404(known, report__public_id=public_id, public_id=question_id)
    if not request.user.is_authenticated:
        return words_kept(request, found.get_absolute_url())
    report = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), pk=found.report_id)
    act, form = questions.VERBS[verb][0], questions.form_of(found, verb, request.POST)
    found.version = version_seen(request) or found.version
    page = refused(request, report, form, lambda words: act(found, by=request.user, **words))
    if page:
        return page
    messages.success(request, questions.done(verb))
    return redirect(f"{report.get_absolute_url()}#questions")


def version_seen(request):
    """Return the version of what the page of the form showed, or None."""
    seen = request.POST.get("version", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None


def refused(request, report, form, act):
    """Do what a form asks; return the page that says why not, its words kept, or None once it is done."""
    try:
        if not form.is_valid():
            return detail_page(request, report, form, status=422)
        act(form.words())
    except ValidationError as error:
        form.refuse(error)
        current = get_object_or_404(Experience.objects.visible_to(request.user).for_detail(), pk=report.pk)
        return detail_page(request, current, form, status=409 if isinstance(error, Conflict) else 422)
    return None


def moved(request, report, verb):
    """Say what was done, and lead to where the person may still look."""
    messages.success(request, done(report, verb))
    if verb == "discard":
        return redirect("experiences:mine")
    if verb in ("publish", "return"):
        return to_next(request, report)
    if verb == "ask":
        return redirect(f"{report.get_absolute_url()}#questions")
    if Experience.objects.visible_to(request.user).filter(pk=report.pk).exists():
        return redirect(report)
    return redirect("experiences:index")


def to_next(request, report):
    """Lead a reviewer on: to the next report that waits for them, else to the desk."""
    following = review_queue.next_for(request.user, after=report)
    if following:
        messages.info(request, _("This is the next report that waits."))
        return redirect(following)
    messages.info(request, _("No other report waits for you."))
    return redirect("practices:desk" if request.user.has_perm("practices.curate_practice") else report)


def done(report, verb):
    told = {
        "publish": _("The report is published."),
        "return": _("The report went back to its author, with your words."),
        "stakes": _("The stakes are set. What the author chose is kept beside them."),
        "withdraw": _("The report is withdrawn."),
        "discard": _("The draft is deleted."),
        "flag": _("Thank you. The report is hidden until a moderator has looked at it."),
        "restore": _("The report is shown again."),
        "keep": _("The report stays shown."),
        "withhold": _("The words are withheld, and the author is told."),
        "follow-up": _("Your follow-up is added."),
        "ask": _("Your question is asked. You will find the answer here, and under “My reports”."),
        "withdraw-trust": _("From now on, a curator reads this author’s reports before they are published."),
        "give-trust-back": _(
            "This report no longer stands in the way of publishing its author’s reports at once."
        ),
        "link": _("The two reports now count as one event."),
    }
    if verb == "submit" and report.status == report.Status.PUBLISHED:
        return _("Your report is published.")
    if verb == "flag" and report.status == report.Status.PUBLISHED:
        return _("Thank you. A moderator looks at it again; the report stays shown meanwhile.")
    return told.get(verb, _("Sent. A curator reads it first; you will find the answer under “My reports”."))


def verb_forms(report, user, refusal):
    """Return {verb: form} for what `user` may do to `report` now."""
    wanted = {verb: VERBS[verb][1](verb=verb, report=report) for verb in open_verbs(report, user)}
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
    if report.can_be_asked_by(user):
        yield "ask"
    if report.can_be_withdrawn_by(user) and report.status in (S.PUBLISHED, S.HIDDEN):
        yield "withdraw"
    if report.can_be_reviewed_by(user) and report.status == S.SUBMITTED:
        yield from ("publish", "return")
    if report.can_be_reviewed_by(user) and report.status in (S.SUBMITTED, S.PUBLISHED):
        yield "stakes"
    if user.has_perm("experiences.moderate_experience") and report.status == S.HIDDEN:
        yield "restore"
    if user.has_perm("experiences.moderate_experience") and report.status in (S.PUBLISHED, S.HIDDEN):
        yield "withhold"
    if report.status == S.PUBLISHED and any(flag.settled_at is None for flag in report.flags_for(user)):
        yield "keep"
    if user.has_perm("experiences.review_experience") and report.status == S.PUBLISHED:
        yield "link"
    settled = report.status in (S.PUBLISHED, S.HIDDEN, S.WITHDRAWN) and not report.has_openly_left
    if settled and report.can_have_author_judged_by(user):
        yield "give-trust-back" if report.trust_withdrawn else "withdraw-trust"
    if report.status == S.PUBLISHED and not author:
        yield "flag"
