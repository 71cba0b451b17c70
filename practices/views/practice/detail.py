"""The pages readers see of a practice: its words, its evidence, its past."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.http.conditional_pages import conditional_detail
from config.text import cut_at_word, whole_number
from experiences.models import Experience, Situation, Wording
from experiences.models.vocabulary.cache import lists
from experiences.reads.counter import count_read
from experiences.views.cards import situation_words
from experiences.views.lens import Lens, situation_for
from practices import grading, version_diff
from practices.forms import TrialForm
from practices.interchange.citation import bibtex, citation
from practices.models import KeptSearch, Practice
from practices.models.practice.content import Grade
from practices.search.pages import page_validator
from practices.views.cards import flag_labels
from practices.views.practice.evidence_summary import EvidenceSummary, place_words
from practices.views.practice.grade_history import History
from practices.views.practice.parts import index_of

MOST_LOG_LINES = 50


@require_safe
def detail(request, slug):
    """Show what a practice says, and count that it is read; a retired one leads to its heir."""

    def page():
        practice = readable(request, slug)
        if practice.status == Practice.Status.RETIRED and practice.heir_shown:
            return _lead_to_heir(request, practice)
        return render_detail(request, practice)

    response = conditional_detail(request, lambda: page_validator(slug), page)
    # Curators read it at work: it is no one's reading.
    curates = request.user.is_authenticated and request.user.has_perm("practices.curate_practice")
    return count_read(request, response, "practice", slug, is_own=curates)


def readable(request, slug):
    """Return the practice, if the reader may know of it."""
    return Practice.objects.visible_to(request.user).for_detail().get_at(slug)


def _lead_to_heir(request, practice):
    words = {"title": practice.current.title, "reason": practice.retired_reason}
    if practice.retired_reason:
        sentence = (
            _("“%(title)s” was retired in favour of this practice. The reason given: %(reason)s") % words
        )
    else:
        sentence = _("“%(title)s” was retired in favour of this practice.") % words
    messages.info(request, sentence)
    return redirect(practice.heir)


def render_detail(request, practice, trial_form=None, status=200):
    """Show a practice; `trial_form` is what the reader sent and the model refused."""
    words = practice.words
    read = reading_context(request, practice, words)
    lens = read["lens"]
    log = list(practice.log.public())
    trials = practice.trials_for(request.user)
    own = next((trial for trial in trials if trial.by_id and trial.by_id == request.user.pk), None)
    context = read | {
        "flags": flag_labels(practice.flags),
        "trials": [(trial, place_words(trial)) for trial in trials],
        "place": situation_words(_place_of_trial(own, lens, request.user)),
        "own_trial": own,
        "form": trial_form,
        "trial_form": trial_form or TrialForm(instance=own),
        "can_try": practice.is_open_to_readers,
        "follow_name": cut_at_word(words.title, KeptSearch.LONGEST_NAME),
        "is_followed": KeptSearch.objects.visible_to(request.user).following(practice).exists(),
        "log": log[:MOST_LOG_LINES],
        "history": History(log, practice.grade, timezone.localdate()),
        "versions": practice.versions.for_list(),
        "alternates": _alternates(practice),
        "citation": citation(words) if practice.current_id else "",
        "bibtex": bibtex(words) if practice.current_id else "",
        "may_curate": request.user.has_perm("practices.curate_practice"),
    }
    return render(request, "practices/detail.html", context, status=status)


def reading_context(request, practice, words, frozen=False):
    """Return what pages show of the `words` of a practice, be they its own or those of a version."""
    lens = Lens(request, situation_for(request))
    reading = EvidenceSummary(practice, words, request.user, lens.situation)
    return {
        "canonical": canonical(practice),
        "practice": practice,
        "words": words,
        "twin": in_readers_language(practice, words),
        "lens": lens,
        "reading": reading,
        "index": index_of(reading, frozen=frozen),
    }


def in_readers_language(practice, words):
    """Return what says the same in the reader's language, if `words` are in another; None if nothing does."""
    if words.language == get_language():
        return None
    others = practice.in_other_languages
    return next((other for other in others if other.current.language == get_language()), None)


def _place_of_trial(own, lens, user):
    """Return where a trial takes place: as told, else as its author stored it, whatever the visit."""
    if own and own.contexts.all():
        return own
    return Situation.of(user) if lens.is_of_visit else lens.situation


def canonical(practice):
    """Return the one address under which search engines keep a practice, whichever version they read."""
    return settings.SITE_URL + practice.get_absolute_url()


def _alternates(practice):
    """Return [(language, address)] of a practice that can be read in several languages, itself included."""
    others = practice.in_other_languages
    family = [practice, *others] if others and practice.is_open_to_readers else []
    return [(one.current.language, settings.SITE_URL + one.get_absolute_url()) for one in family]


@require_safe
def version(request, slug, number):
    """Show the frozen words of one version: this address answers for ever."""
    page = partial(version_page, request, slug, number)
    return conditional_detail(request, lambda: page_validator(slug), page)


def version_page(request, slug, number):
    practices = Practice.objects.visible_to(request.user)
    related = ("current", "heir__current", "created_by", "translation_of__current")
    practice = practices.select_related(*related).get_at(slug)
    words = get_object_or_404(practice.versions.for_detail(), number=number)
    context = reading_context(request, practice, words, frozen=True) | {
        "frozen": True,
        "citation": citation(words),
        "bibtex": bibtex(words),
        "is_current": words.pk == practice.current_id,
        "versions": practice.versions.for_list(),
    }
    return render(request, "practices/version.html", context)


@require_safe
def compare(request, slug):
    """Show the differences between two versions word by word: ?from=1&to=2; for curators also to=working."""
    practice = Practice.objects.visible_to(request.user).select_related("current").get_at(slug)
    newest = practice.current.number if practice.current_id else 0
    may_curate = request.user.has_perm("practices.curate_practice")
    old = _requested_version(
        request, practice, "from", newest if _wants_working(request) else max(1, newest - 1)
    )
    if _wants_working(request) and may_curate:
        new = version_diff.working(practice)
    else:
        new = _requested_version(request, practice, "to", newest)
    context = {
        "noindex": True,
        "practice": practice,
        "old": old.words,
        "new": new.words,
        "grades": (Grade(old.grade), Grade(new.grade)),
        "is_working": new.words == practice,
        "editable": practice.can_be_edited_by(request.user),
        "versions": practice.versions.for_list().reverse(),
        "may_compare_working": may_curate and practice.is_being_revised,
        "texts": version_diff.texts_between(old, new),
        "claims": version_diff.claims_between(old, new, _known_reports(request.user, old, new)),
    }
    return render(request, "practices/compare.html", context)


def _wants_working(request):
    return request.GET.get("to") == "working"


def _known_reports(user, *copies):
    """Return the primary keys of the reports cited in `copies` that `user` may know of."""
    cited = {row.report_id for copy in copies for claim in copy.claims for row in claim.evidence.all()}
    known = Experience.objects.visible_to(user).filter(pk__in=cited)
    return set(known.values_list("pk", flat=True))


def _requested_version(request, practice, name, default):
    """Return the version that the address asks for under `name`, as a Copy to compare."""
    number = whole_number(request.GET.get(name) or str(default), most_digits=8)
    if number is None:
        raise Http404
    return version_diff.frozen(get_object_or_404(practice.versions.for_detail(), number=number))


@require_safe
def grading_page(request):
    """Explain the ladder, the strengths and the flags, from the rule itself."""
    wordings, kinds = lists().wordings, Wording.Kind
    criteria = [(), *grading.LADDER]
    rungs = [
        {"wording": row, "number": number, "asks": [criterion.asks() for criterion in criteria[number]]}
        for number, row in enumerate(wordings[kinds.GRADE])
    ]
    context = {
        "rule_version": grading.RULE_VERSION,
        "rungs": rungs,
        "strengths": wordings[kinds.STRENGTH],
        "bearings": wordings[kinds.BEARING],
        "flags": [sentence() for sentence in grading.FLAG_SENTENCES.values()],
    }
    return render(request, "practices/grading.html", context)
