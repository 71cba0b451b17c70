"""My reports: those of the member who reads, and the questions they asked."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.decorators import member_only
from experiences.models import Experience, Question, Situation
from experiences.reads.use import with_use

S = Experience.Status
# In their order, as headings of several.
GROUPS = {
    S.RETURNED: pgettext_lazy("reports", "Returned to you"),
    S.DRAFT: _("Drafts"),
    S.SUBMITTED: _("Waiting for a curator"),
    S.HIDDEN: pgettext_lazy("reports", "Hidden until a moderator decides"),
    S.PUBLISHED: pgettext_lazy("reports", "Published"),
    S.WITHDRAWN: pgettext_lazy("reports", "Withdrawn"),
}


@member_only
@require_safe
def mine(request):
    """List the member's own reports by state, with what to do next."""
    reports = Experience.objects.visible_to(request.user).filter(author=request.user).for_list()
    by_state, found = {}, list(reports.prefetch_related("log", "questions").order_by("-created_at"))
    for report in with_use(found):
        by_state.setdefault(report.status, []).append(report)
    groups = [(state, label, by_state[state]) for state, label in GROUPS.items() if state in by_state]
    asked = Question.objects.visible_to(request.user).filter(by=request.user).select_related("report")
    context = {"groups": groups, "situation": Situation.of(request.user), "questions": asked}
    return render(request, "experiences/mine.html", context)
