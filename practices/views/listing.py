"""The list of practices: how sure we are, and for whom, before what."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited_search
from experiences.models import ReportContext, Wording
from experiences.search import similarity
from experiences.text import markdown
from experiences.views.lens import situation_for
from experiences.views.list_page.address import params_asked, refused_list
from experiences.views.list_page.facets import Filter, Option
from experiences.views.list_page.languages import language_first
from experiences.views.list_page.listing import Listing
from experiences.views.verdict_counts import sentence, verdict_marks
from practices.grading.following import Followed
from practices.models import Evidence
from practices.search.filters import PracticeFilterSet


@require_safe
@limited_search
def index(request):
    """List published practices: filtered, searched, ordered as the address says."""
    try:
        filterset = PracticeFilterSet(
            params_asked(request),
            request.user,
            situation_for(request),
            first=language_first(request),
            reads=get_language(),
        )
        listing = Listing(request, filterset, "practices", own=[grades])
        if listing.plainer_url:
            return redirect(listing.plainer_url)
        cards = practice_cards(listing.page.rows, filterset.query, filterset.situation, filterset.weights)
    except ValidationError as error:
        return refused_list(request, error, _("All practices"))
    words = Wording.objects.filter(kind=Wording.Kind.GRADE)
    context = {"listing": listing, "cards": cards, "grades": words, **listing.for_search_engines()}
    return render(request, "practices/index.html", context)


def grades(facets):
    """Make the filter of grades: at least this one."""
    chosen, numbers = facets.of("min_grade"), facets.counts["grade"]
    options = [Option("", _("Any"), chosen=not chosen)]
    for row in Wording.objects.filter(kind=Wording.Kind.GRADE).exclude(slug="G0"):
        count = sum(number for grade, number in numbers.items() if grade >= row.slug)
        label = _("%(name)s or better") % {"name": row.label}
        options.append(Option(row.slug, label, count, row.slug in chosen))
    return Filter("min_grade", _("Grade"), options, control="radio", open=True)


def practice_cards(practices, query=None, situation=None, weights=similarity.AS_USUAL):
    """Return what components/practice_card.html takes for each of `practices`."""
    by_practice = Evidence.objects.outcomes(practices)
    mine = similarity.known(situation.contexts.all()) if situation else None
    theirs = _contexts_by_report({report for rows in by_practice.values() for report in rows}) if mine else {}
    return [
        _card(practice, by_practice.get(practice.pk, {}), query, mine, theirs, weights)
        for practice in practices
    ]


def _card(practice, outcomes, query, mine, theirs, weights):
    words = practice.current
    told = outcomes.items()
    verdicts = {pk: verdict for pk, (verdict, followed) in told if followed != Followed.NOT_FOLLOWED}
    alike = {
        pk: verdict
        for pk, verdict in verdicts.items()
        if mine and _is_alike(mine, theirs.get(pk, ()), weights)
    }
    shown = _count_verdicts(alike if mine else verdicts)
    return {
        "practice": practice,
        "words": words,
        "title": query.marked(words.title, length=1000) if query else "",
        "snippet": query.marked(markdown.plain(markdown.render(words.summary))) if query else "",
        "counts": verdict_marks(shown),
        "sentence": sentence(shown),
        "lead": _("In contexts like yours:") if alike else "",
        "strange": bool(mine and verdicts and not alike),
        "alike": _explained(practice, outcomes, mine, theirs, weights) if mine else "",
        "reports": _reports(len(outcomes)),
        "flags": [label for flag, label in flag_labels().items() if flag in practice.flags],
        "disputed": "disputed" in practice.flags,
    }


def flag_labels():
    return {
        "ageing": _("Ageing"),
        "narrow": _("All from one context"),
        "harm-reported": _("Harm reported"),
    }


def _reports(number):
    return ngettext("%(n)s report as evidence", "%(n)s reports as evidence", number) % {"n": number}


def _explained(practice, outcomes, mine, theirs, weights):
    """Return what matches and differs: the contexts it is meant for, else those it was told from."""
    contexts = practice.contexts.all() or {context for pk in outcomes for context in theirs.get(pk, ())}
    return similarity.explain(mine, similarity.known(contexts), weights)


def _is_alike(mine, theirs, weights):
    score = similarity.likeness(mine, similarity.known(theirs), weights)
    return score is not None and score >= similarity.ALIKE


def _contexts_by_report(reports):
    found = {}
    for link in ReportContext.objects.filter(content_object__in=reports).select_related("tag__facet"):
        found.setdefault(link.content_object_id, []).append(link.tag)
    return found


def _count_verdicts(verdicts):
    numbers = {}
    for verdict in verdicts.values():
        numbers[verdict] = numbers.get(verdict, 0) + 1
    return numbers
