"""What moderators decide about a practice as a whole, or about one claim of it: the page, and its buttons."""

from functools import partial

from django.contrib import messages
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import member_only
from config.verbs import submit
from experiences.models.flags import require_moderator
from experiences.redaction_summary import summarise
from practices.forms import WithholdInPracticeForm
from practices.models import Claim, Practice
from practices.verbs import CLAIM_MODERATION, MODERATION


def known(request, slug):
    return Practice.objects.visible_to(request.user).select_related("current").get_at(slug)


def moderation_page(request, practice, form=None, *, redaction=None, refused=None, claim=None, status=200):
    """Show what a moderator may do to a practice: to words, to the whole, to a claim.

    `redaction` is a preview; `refused` the form of a verb that was refused, about `claim` if that is given.
    """
    whole = MODERATION.forms_for(request.user, practice, None if claim else refused)
    context = {
        "practice": practice,
        "form": form or WithholdInPracticeForm(),
        "refused": refused or form,
        "redaction": redaction,
        "is_kept": practice.redactions.kept().exists(),
        "buttons": MODERATION.buttons(whole, "moderation"),
        "claims": claim_entries(request.user, practice, claim, refused),
    }
    context |= summarise(redaction, practice.quotable_text()) if redaction else {}
    return render(request, "practices/withhold.html", context, status=status)


def claim_entries(user, practice, refused_claim=None, refused=None):
    """Return [{claim, buttons}] of the claims that stand or stood in versions, as worded last."""
    rows = Claim.everything.filter(practice=practice, version__isnull=False)
    newest = {claim.lasting_id: claim for claim in rows.order_by("version__number", "-position")}
    entries = []
    for claim in reversed(newest.values()):
        claim.practice = practice
        own = refused if claim == refused_claim else None
        forms = CLAIM_MODERATION.forms_for(user, claim, own)
        entries.append({"claim": claim, "buttons": CLAIM_MODERATION.buttons(forms, "moderation")})
    return entries


@member_only
@require_POST
def decide(request, slug, verb):
    """Take a practice down, or let it stand again, as a moderator."""
    practice = known(request, slug)
    require_moderator(request.user)
    return answer_verb(request, practice, MODERATION, verb, practice)


@member_only
@require_POST
def decide_on_claim(request, slug, lasting_id, verb):
    """Remove one claim, or let it stand again, as a moderator."""
    practice = known(request, slug)
    require_moderator(request.user)
    claims = Claim.everything.filter(practice=practice, lasting_id=lasting_id)
    claim = claims.order_by(F("version__number").desc(nulls_last=True)).first()
    if claim is None:
        raise Http404
    claim.practice = practice
    return answer_verb(request, practice, CLAIM_MODERATION, verb, claim)


def answer_verb(request, practice, verbs, verb, row):
    """Do `verb` of the table `verbs` to the practice, or a claim of it; a refusal keeps the words."""
    if verb not in verbs:
        raise Http404
    form = verbs[verb].form(request.POST, verb=verb, row=row)
    claim = row if isinstance(row, Claim) else None

    def page(status):
        shown = known(request, practice.slug)
        return moderation_page(request, shown, refused=form, claim=claim, status=status)

    refusal = submit(form, partial(verbs[verb].act, row, by=request.user), page)
    if refusal:
        return refusal
    messages.success(request, verbs[verb].success_message(row))
    return redirect("practices:withhold", practice.slug)
