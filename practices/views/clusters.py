"""The heap of reports that no practice uses yet: their clusters, and picking some to begin a practice."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from experiences.models import Experience, Stake
from experiences.models.report.parts import Parts
from practices.decorators import curator_only
from practices.models import Cluster, Clustering, Dismissal, Practice
from practices.models.cluster import main_language, unused
from practices.views.cluster_cards import cluster_cards
from practices.views.workbench.edit import redirect_if_sent_before
from practices.views.workbench.evidence import ticked_reports

MOST_CLUSTERS, MOST_PICKED_FROM, MOST_ASIDE = 60, 50, 50


# --- Reading ---------------------------------------------------------------------------------------


@curator_only
@require_safe
def clusters(request):
    """List the clusters; with ?stake=, also the reports under it to pick from, and those set aside."""
    slug = request.GET.get("stake", "")
    return _heap_page(request, _stake(slug) if slug else None)


def _stake(slug):
    if not slug_re.match(slug):
        raise Http404
    return get_object_or_404(Stake, slug=slug)


def _heap_page(request, stake, *, status=200, **context):
    found = Cluster.objects.offered_to(request.user)
    if stake:
        found = found.filter(stake=stake)
    total = found.count()
    context = {
        "stake": stake,
        "stakes": Stake.objects.select_related("competency"),
        "cards": cluster_cards(found[:MOST_CLUSTERS]),
        "total": total,
        "grouped": Clustering.last_end(),
        "waiting": _to_pick_from(request.user, stake) if stake else [],
        "most": MOST_PICKED_FROM,
        "aside": _set_aside(request.user, stake) if stake else [],
        "submission_key": get_random_string(32),
        **context,
    }
    return render(request, "practices/clusters.html", context, status=status)


def _to_pick_from(user, stake):
    waiting = unused(Experience.objects.visible_to(user)).filter(stake_links__tag=stake)
    return waiting.for_list().order_by("-order_key")[:MOST_PICKED_FROM]


def _set_aside(user, stake):
    aside = Experience.objects.visible_to(user).published().filter(dismissals__stake=stake)
    return aside.for_list().order_by("-order_key")[:MOST_ASIDE]


@curator_only
@require_safe
def cluster(request, key):
    """Show one cluster: its reports, to read, to set aside or to begin a practice from."""
    found = get_object_or_404(Cluster.objects.offered_to(request.user), key=key)
    cards = cluster_cards([found])
    if not cards:
        raise Http404
    return render(request, "practices/cluster.html", {"card": cards[0]})


# --- Acting ----------------------------------------------------------------------------------------


def _chosen(request):
    """Return (stake, reports) that a form names; a report withdrawn meanwhile is left out."""
    return _stake(request.POST.get("stake", "")), ticked_reports(request)


@curator_only
@require_POST
def begin(request):
    """Begin a draft from the reports that were ticked, and show them side by side."""
    stake, reports = _chosen(request)
    title = request.POST.get("title", "").strip()
    if not reports:
        refusal = [_("Tick at least one report to begin a practice from.")]
        return _heap_page(request, stake, status=422, refusal=refusal, title=title)
    key = request.POST.get("submission_key", "")[:64].replace("\0", "")
    try:
        return redirect_if_sent_before(request, key) or _begin(request, stake, reports, title, key)
    except IntegrityError:  # The same form, a moment ago.
        return redirect_if_sent_before(request, key) or _begin(request, stake, reports, title, "")
    except ValidationError as error:
        return _heap_page(request, stake, status=422, refusal=error.messages, title=title)


def _begin(request, stake, reports, title, key):
    language = main_language(reports)
    with translation.override(language):
        title = title or stake.label
    practice = Practice.begin_from(
        reports,
        by=request.user,
        parts=Parts(stakes=[stake]),
        title=title,
        language=language,
        submission_key=key,
    )
    messages.success(request, _("A draft is begun. Reword its title as what to do, then write its claims."))
    return redirect("practices:material", practice.slug)


@curator_only
@require_POST
def dismiss(request):
    """Set the ticked reports aside under a stake."""
    stake, reports = _chosen(request)
    if not reports:
        refusal = [_("Tick the reports to set aside.")]
        return _heap_page(request, stake, status=422, refusal=refusal)
    Dismissal.objects.make(reports, stake, by=request.user)
    sentence = ngettext(
        "%(n)s report is set aside under “%(stake)s”: no cluster shows it there again.",
        "%(n)s reports are set aside under “%(stake)s”: no cluster shows them there again.",
        len(reports),
    )
    messages.success(request, sentence % {"n": len(reports), "stake": stake})
    return _back_to(stake)


@curator_only
@require_POST
def take_back(request):
    """Let clusters show the ticked reports again."""
    stake, reports = _chosen(request)
    Dismissal.objects.take_back(reports, stake, by=request.user)
    messages.success(request, _("Taken back: it is offered again when reports are next grouped."))
    return _back_to(stake)


def _back_to(stake):
    return redirect(f"{reverse('practices:clusters')}?stake={stake.slug}")


# --- From a report's own page ----------------------------------------------------------------------


@curator_only
@require_safe
def use(request, public_id):
    """Choose the practice a report is put to: a working copy that is open, or a new one."""
    reports = Experience.objects.visible_to(request.user).published().for_detail()
    report = get_object_or_404(reports, public_id=public_id)
    slugs = [stake.slug for stake in report.stakes.all()]
    S = Practice.Status
    open_ones = Practice.objects.visible_to(request.user).filter(status__in=[S.DRAFT, S.RETURNED])
    near, others = [], []
    for practice in open_ones.order_by("-changed_at")[:MOST_PICKED_FROM]:
        (near if set(slugs) & set(practice.stake_slugs) else others).append(practice)
    held = set(Practice.objects.filter(material__report=report).values_list("pk", flat=True))
    context = {
        "report": report,
        "practices": [(practice, practice.pk in held) for practice in [*near, *others]],
        "submission_key": get_random_string(32),
    }
    return render(request, "practices/use.html", context)
