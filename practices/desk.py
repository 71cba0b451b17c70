"""The curators' desk: what waits for them."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.guards import member_only
from experiences.identifying.check import MOST_READ_IN_LISTS, spots
from experiences.models import Experience
from practices.cluster_cards import cluster_card, clusters_for, last_grouped
from practices.models import Evidence, Practice

MOST_ROWS = 50
MOST_CLUSTERS = 5  # the biggest; the others have a page
LATE_AFTER = 14  # days a report may wait for a curator
OPTIONAL = ("lessons", "started_on", "enablers", "constraints", "comparison", "effort_people")


def curator_only(view):
    """Ask visitors to sign in; refuse members who do not curate."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm("practices.curate_practice"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return member_only(guarded)


# --- The desk --------------------------------------------------------------------------------------


@curator_only
@require_safe
def desk(request):
    """Show what waits: reports to review, practices under way, practices to look at again."""
    reports = Experience.objects.visible_to(request.user)
    practices = Practice.objects.visible_to(request.user).for_list()
    under_way = practices.since()
    S = Practice.Status
    found = clusters_for(request.user)
    context = {
        "clusters": [cluster_card(cluster) for cluster in found[:MOST_CLUSTERS]],
        "clusters_in_all": found.count(),
        "grouped": last_grouped(),
        "gone": Evidence.objects.to_quote_again().visible_to(request.user)[:MOST_ROWS],
        "waiting": [_waiting(report, request.user) for report in reports.waiting().for_detail()[:MOST_ROWS]],
        "hidden": _hidden(request.user, reports),
        "groups": [
            (_("In review"), _aged(under_way.filter(status=S.IN_REVIEW))),
            (_("Returned"), _aged(under_way.filter(status=S.RETURNED))),
            (_("Drafts"), _aged(under_way.filter(status=S.DRAFT))),
        ],
        "again": [_again(practice) for practice in practices.to_look_at_again()[:MOST_ROWS]],
    }
    return render(request, "practices/desk.html", context)


def _waiting(report, user):
    """Return what the desk says of a report to review; its age in days, never a time."""
    given = sum(bool(getattr(report, name)) for name in OPTIONAL)
    given += bool(report.measures.all()) + bool(report.sources.all())
    days = (timezone.now() - report.submitted_at).days
    return {
        "report": report,
        "days": days,
        "late": days > LATE_AFTER,
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


def _hidden(user, reports):
    if not user.has_perm("experiences.moderate_experience"):
        return None
    return reports.filter(status=Experience.Status.HIDDEN).prefetch_related("flags")[:MOST_ROWS]


def _again(practice):
    due = practice.review_due_on and practice.review_due_on <= timezone.localdate()
    known = {"disputed": _("Disputed"), "ageing": _("Ageing")}
    reasons = [known[flag] for flag in practice.flags if flag in known]
    if due:
        reasons.append(_("Its review is due"))
    return {"practice": practice, "reasons": reasons or [_("It quotes words that are gone")]}
