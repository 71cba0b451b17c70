"""My reports: those of the member who reads, and the questions they asked."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import member_only
from experiences.models import Experience, Question, Situation
from experiences.reads.use import with_use


@member_only
@require_safe
def mine(request):
    """List the member's own reports by state, with what to do next."""
    reports = Experience.objects.visible_to(request.user).filter(author=request.user).for_list()
    by_state, found = {}, list(reports.prefetch_related("log", "questions").order_by("-created_at"))
    for report in with_use(found):
        by_state.setdefault(report.status, []).append(report)
    S = Experience.Status
    order = [S.RETURNED, S.DRAFT, S.SUBMITTED, S.HIDDEN, S.PUBLISHED, S.WITHDRAWN]
    groups = [(state, state.label_for_author, by_state[state]) for state in order if state in by_state]
    asked = Question.objects.visible_to(request.user).filter(by=request.user).select_related("report")
    context = {"groups": groups, "situation": Situation.of(request.user), "questions": asked}
    return render(request, "experiences/mine.html", context)
