"""The curators' desk: what waits for them."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from experiences.models import Experience
from experiences.privacy.check import MOST_READ_IN_LISTS, spots
from experiences.review_queue import days_waited, is_late
from practices.decorators import curator_only
from practices.models import Cluster, Clustering, Evidence, Practice
from practices.moderation.queue import number_waiting
from practices.views.cluster_cards import cluster_cards

MOST_ROWS = 50
MOST_CLUSTERS = 5  # the biggest; the others have a page
OPTIONAL = ("lessons", "started_on", "enablers", "constraints", "comparison", "effort_people")


@curator_only
@require_safe
def desk(request):
    """Show what waits: reports to review, practices under way, practices to look at again."""
    reports = Experience.objects.visible_to(request.user)
    practices = Practice.objects.visible_to(request.user).for_list()
    under_way = practices.with_open_comments().with_state_since()
    S = Practice.Status
    language = request.GET.get("language", "")
    queue = reports.waiting()
    shown = queue.filter(language=language) if language in Experience.Language.values else queue
    found = Cluster.objects.offered_to(request.user)
    context = {
        "number": queue.count(),
        "language": language,
        "languages": Experience.Language.choices,
        "waiting": [_waiting(report, request.user) for report in shown.for_detail()[:MOST_ROWS]],
        "alarms": _alarms(request.user),
        "clusters": cluster_cards(found[:MOST_CLUSTERS]),
        "clusters_in_all": found.count(),
        "grouped": Clustering.last_end(),
        "gone": Evidence.objects.to_quote_again().visible_to(request.user)[:MOST_ROWS],
        "groups": [
            (_("In review"), _aged(under_way.filter(status=S.IN_REVIEW))),
            (_("Returned"), _aged(under_way.filter(status=S.RETURNED))),
            (_("Drafts"), _aged(under_way.filter(status=S.DRAFT))),
        ],
        "down": practices.taken_down().order_by("-changed_at", "-pk")[:MOST_ROWS],
        "again": [_again(practice) for practice in practices.to_look_at_again()[:MOST_ROWS]],
    }
    return render(request, "practices/desk.html", context)


def _waiting(report, user):
    """Return what the desk says of a report to review; its age in days, never a time."""
    given = sum(bool(getattr(report, name)) for name in OPTIONAL)
    given += bool(report.measures.all()) + bool(report.sources.all())
    return {
        "report": report,
        "days": days_waited(report),
        "late": is_late(report),
        "given": given,
        "asked": len(OPTIONAL) + 2,
        "own": report.author_id == user.pk,
        "spots": len(spots(report, MOST_READ_IN_LISTS)),
    }


def _aged(practices):
    """Return practices, the longest in their state first, each with its `days` there."""
    rows = list(practices.order_by("in_state_since", "pk")[:MOST_ROWS])
    for practice in rows:
        practice.days = (timezone.now() - practice.in_state_since).days
    return rows


def _alarms(user):
    """Return how many alarms wait, for a moderator."""
    return number_waiting() if user.has_perm("experiences.moderate_experience") else 0


def _again(practice):
    due = practice.review_due_on and practice.review_due_on <= timezone.localdate()
    known = {"disputed": _("Disputed"), "ageing": _("Ageing")}
    reasons = [known[flag] for flag in practice.flags if flag in known]
    if due:
        reasons.append(_("Its review is due"))
    if practice.is_behind:
        reasons.append(_("Its original has changed since it was translated"))
    return {"practice": practice, "reasons": reasons or [_("It quotes words that are gone")]}
