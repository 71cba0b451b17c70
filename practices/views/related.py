"""What is near, shown: beside a report while it is written, and to a curator who reads one."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import limited, member_only
from experiences.forms import ExperienceForm
from experiences.models import Experience
from experiences.search.related import Subject, related_reports
from practices.decorators import curator_only
from practices.models import Claim
from practices.search.related import MOST, related_practices

MOST_IN_LIST = 12  # of a page of their own, which is read to its end


@member_only
@require_POST
@limited("searches")
def near(request):
    """Answer what the side panel shows beside words not sent yet; nothing is stored."""
    form = ExperienceForm(request.POST, instance=Experience())
    form.is_valid()
    draft = Subject.of(form.instance)
    context = {
        "practices": related_practices(draft, request.user, closely=True),
        "reports": related_reports(draft, request.user),
    }
    return render(request, "practices/_near.html", context)


@curator_only
@require_safe
def nearest(request, public_id):
    """Show a curator the practices that a report may support or contradict, with their claims."""
    reports = Experience.objects.visible_to(request.user).prefetch_related("stakes")
    report = get_object_or_404(reports, public_id=public_id)
    beside = "beside" in request.GET  # the report itself, where more would be read by nobody
    most = MOST if beside else MOST_IN_LIST
    found = related_practices(Subject.of(report), request.user, most, closely=beside)
    claims = _working_claims([one.row for one in found], report)
    entries = [
        {
            "near": one,
            "claims": claims.get(one.row.pk, []),
            "editable": one.row.can_be_edited_by(request.user),
        }
        for one in found
    ]
    context = {"report": report, "entries": entries, "citable": report.status == report.Status.PUBLISHED}
    return render(request, "practices/nearest.html", context)


def _working_claims(practices, report):
    """Return {practice: [(claim of its working copy, how `report` bears on it already or "")]}."""
    rows = Claim.objects.filter(version=None, practice__in=practices).prefetch_related("evidence")
    found = {}
    for claim in rows.order_by("practice", "position"):
        bearings = [row.get_bearing_display() for row in claim.evidence.all() if row.report_id == report.pk]
        found.setdefault(claim.practice_id, []).append((claim, ", ".join(bearings)))
    return found
