"""The pages readers see of a practice: its words, its evidence, its past."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import member_only
from experiences.models import Experience, Wording
from practices import differences, grading
from practices.forms import TrialForm
from practices.listing import flag_labels
from practices.models import Practice, Trial
from practices.reading import Reading

MOST_LOG_LINES = 50


@require_safe
def detail(request, slug):
    """Show what a practice says; a retired one leads to its heir."""
    practice = _readable(request, slug)
    if practice.status == Practice.Status.RETIRED and practice.heir:
        return _lead_to_heir(request, practice)
    return _page(request, practice)


def _readable(request, slug):
    return get_object_or_404(Practice.objects.visible_to(request.user).for_detail(), slug=slug)


def _lead_to_heir(request, practice):
    words = {"title": practice.current.title, "reason": practice.retired_reason}
    if practice.retired_reason:
        told = _("“%(title)s” was retired in favour of this practice. The reason given: %(reason)s") % words
    else:
        told = _("“%(title)s” was retired in favour of this practice.") % words
    messages.info(request, told)
    return redirect(practice.heir)


def _page(request, practice, trial_form=None, status=200):
    words = practice.words
    trials = list(practice.trials.all())
    own = next((trial for trial in trials if trial.by_id and trial.by_id == request.user.pk), None)
    can_try = practice.current_id and practice.status != Practice.Status.RETIRED
    context = {
        "practice": practice,
        "words": words,
        "reading": Reading(practice, words, request.user),
        "flags": [label for flag, label in flag_labels().items() if flag in practice.flags],
        "trials": trials,
        "own_trial": own,
        "form": trial_form,
        "trial_form": trial_form or TrialForm(instance=own),
        "can_try": can_try,
        "log": practice.log.public()[:MOST_LOG_LINES],
        "versions": practice.versions.order_by("-number"),
        "citation": _citation(words) if practice.current_id else "",
        "may_curate": request.user.has_perm("practices.curate_practice"),
    }
    return render(request, "practices/detail.html", context, status=status)


def _citation(version):
    """Return the sentence to copy when quoting a version elsewhere."""
    return _("“%(title)s”, Retex, version %(number)s, %(day)s, %(url)s") % {
        "title": version.title,
        "number": version.number,
        "day": date_format(version.published_at, "DATE_FORMAT"),
        "url": settings.SITE_URL + version.get_absolute_url(),
    }


@require_safe
def version(request, slug, number):
    """Show the frozen words of one version: this address answers for ever."""
    practice = get_object_or_404(
        Practice.objects.visible_to(request.user).select_related("current", "heir"), slug=slug
    )
    words = get_object_or_404(practice.versions.for_detail(), number=number)
    context = {
        "practice": practice,
        "words": words,
        "reading": Reading(practice, words, request.user),
        "citation": _citation(words),
        "is_current": words.pk == practice.current_id,
    }
    return render(request, "practices/version.html", context)


@require_safe
def compare(request, slug):
    """Show the differences between two versions word by word: ?from=1&to=2."""
    practice = get_object_or_404(
        Practice.objects.visible_to(request.user).select_related("current"), slug=slug
    )
    newest = practice.current.number if practice.current_id else 0
    old = _asked_version(request, practice, "from", max(1, newest - 1))
    new = _asked_version(request, practice, "to", newest)
    visible = set(Experience.objects.visible_to(request.user).filter(
        evidence__claim__version__in=[old, new]
    ).values_list("pk", flat=True))  # fmt: skip
    context = {
        "practice": practice,
        "old": old,
        "new": new,
        "versions": practice.versions.all(),
        "texts": differences.texts_between(old, new),
        "claims": differences.claims_between(old, new),
        "evidence": differences.evidence_between(old, new, visible),
    }
    return render(request, "practices/compare.html", context)


def _asked_version(request, practice, name, default):
    asked = request.GET.get(name) or str(default)
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 9):
        raise Http404
    return get_object_or_404(practice.versions.for_detail(), number=int(asked))


@require_safe
def grading_page(request):
    """Explain the ladder, the strengths and the flags, from the rule itself."""
    wordings = {}
    for row in Wording.objects.filter(kind__in=["grade", "strength", "bearing"]):
        wordings.setdefault(row.kind, []).append(row)
    asked = [(), *grading.LADDER]
    rungs = [
        {"wording": row, "number": number, "asks": [criterion.asks() for criterion in asked[number]]}
        for number, row in enumerate(wordings.get("grade", []))
    ]
    context = {
        "rule_version": grading.RULE_VERSION,
        "rungs": rungs,
        "strengths": wordings.get("strength", []),
        "bearings": wordings.get("bearing", []),
        "flags": [sentence() for sentence in grading.FLAG_SENTENCES.values()],
    }
    return render(request, "practices/grading.html", context)


@member_only
@require_POST
def try_out(request, slug):
    """Say “I tried this”, or change what one said."""
    practice = _readable(request, slug)
    own = practice.trials.filter(by=request.user).first()
    form = TrialForm(request.POST, instance=own or Trial(practice=practice, by=request.user))
    if not form.is_valid():
        return _page(request, practice, form, status=422)
    try:
        practice.try_out(by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, practice, form, status=422)
    messages.success(request, _("Thank you. What you told stands below, and the grade was computed again."))
    return redirect(f"{practice.get_absolute_url()}#trials")
