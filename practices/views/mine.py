"""The practices a curator worked on, and what became of them."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from experiences.models.reads import reads_words
from practices.decorators import curator_only
from practices.models import Practice, PracticeReads, Trial
from practices.models.practice.recipients import worked_on_by

MOST = 100


@curator_only
@require_safe
def mine(request):
    """List the practices that the curator worked on, those changed last first, with the use made of each."""
    worked = Practice.objects.visible_to(request.user).filter(worked_on_by(request.user))
    found = list(worked.for_list().order_by("-changed_at", "-pk")[:MOST])
    keys = [one.pk for one in found]
    tried, read = Trial.objects.numbers_of(keys), PracticeReads.objects.totals(keys)
    for one in found:
        one.tried, one.reads_words = tried.get(one.pk, 0), reads_words(read.get(one.pk, 0))
    return render(request, "practices/mine.html", {"practices": found})
