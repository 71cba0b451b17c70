"""The pages one arrives by: home, the stakes, one stake, and the words of the site."""

from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from experiences.forms import VisitForm
from experiences.models import Competency, Context, Experience, Facet, Stake, Wording
from experiences.views import verdict_counts
from experiences.views.cards import report_cards
from experiences.views.lens import Lens, situation_for
from practices.models import Practice
from practices.views.listing import practice_cards

ON_HOME, ON_STAKE = 5, 10


@require_safe
def home(request):
    """Say what this is, and open its doors: stakes, newest reports, best practices."""
    reports = Experience.objects.visible_to(request.user).published()
    practices = Practice.objects.visible_to(request.user).published().once(get_language())
    situation = situation_for(request)
    context = {
        "report_count": reports.count(),
        "practice_count": practices.count(),
        "competencies": competencies(),
        "reports": report_cards(_newest_with_a_failure(reports), situation=situation),
        "practices": practice_cards(
            practices.for_list().order_by("-grade", "-current")[:ON_HOME], None, situation
        ),
        "lens": Lens(request, situation),
        "visit_form": None if situation else VisitForm(),
    }
    return render(request, "home.html", context)


def _newest_with_a_failure(reports):
    """Return the newest reports; when all went well, the newest failure takes the last place."""
    newest = list(reports.for_list().order_by("-order_key")[:ON_HOME])
    failures = reports.filter(verdict__in=Experience.Verdict.FAILURES)
    failure = failures.for_list().order_by("-order_key").first()
    if failure and failure not in newest:
        newest[-1:] = [failure]
    return newest


def competencies():
    """Return the competencies, each with its current stakes and their numbers as `counted`."""
    stakes = {}
    for stake in Stake.objects.current().with_counts():
        stakes.setdefault(stake.competency_id, []).append(stake)
    areas = list(Competency.objects.all())
    for area in areas:
        area.counted = stakes.get(area.pk, [])
    return areas


@require_safe
def stakes(request):
    """List all stakes under their competencies, defined and counted."""
    context = {"competencies": competencies(), "lens": Lens(request, situation_for(request))}
    return render(request, "browse/stakes.html", context)


@require_safe
def stake(request, slug):
    """Show one stake: its definition, how it goes, its practices and reports side by side."""
    found = get_object_or_404(Stake.objects.select_related("competency"), slug=slug)
    reports = Experience.objects.visible_to(request.user).published().filter(stake_links__tag=found)
    practices = Practice.objects.visible_to(request.user).published().filter(stake_links__tag=found)
    practices = practices.once(get_language())
    situation = situation_for(request)
    numbers = dict(reports.order_by().values_list("verdict").annotate(Count("pk")))
    context = {
        "stake": found,
        "heirs": found.heirs.all(),
        "report_count": sum(numbers.values()),
        "practice_count": practices.count(),
        "counts": verdict_counts.verdict_marks(numbers),
        "sentence": verdict_counts.sentence(numbers),
        "failures": verdict_counts.failures(numbers),
        "reports": report_cards(reports.for_list().order_by("-order_key")[:ON_STAKE], situation=situation),
        "practices": practice_cards(
            practices.for_list().order_by("-grade", "-current")[:ON_STAKE], situation=situation
        ),
        "lens": Lens(request, situation),
        "api_url": f"/api/v1/experiences/?stake={found.slug}",
    }
    return render(request, "browse/stake.html", context)


@require_safe
def glossary(request):
    """Say what the words of the site mean, each with an anchor."""
    words = {}
    for row in Wording.objects.all():
        words.setdefault(row.kind, []).append(row)
    values = {}
    for row in Context.objects.current().stated():
        values.setdefault(row.facet_id, []).append(row)
    facets = list(Facet.objects.all())
    for facet in facets:
        facet.values = values.get(facet.pk, [])
    context = {"words": words, "facets": facets, "competencies": competencies()}
    return render(request, "browse/glossary.html", context)
