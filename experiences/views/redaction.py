"""What moderators alone see of words that are withheld: what would change, and what was there."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts.decorators import member_only
from experiences.models import Experience
from experiences.redaction_summary import kept_passages, summarise


def preview_page(request, report, form, do):
    """Show what withholding would change, and ask once more.

    `do` calls a verb, or returns the page that says why not, as `views.verbs.do`.
    """
    version, made = report.version, []

    def act(**words):
        made.append(report.preview_withholding(by=request.user, **words))

    return do(request, report, form, act) or confirmation_page(request, report, form, version, made[0])


def confirmation_page(request, report, form, version, redaction):
    stored = get_object_or_404(Experience.objects.visible_to(request.user), pk=report.pk)
    context = {
        "report": stored,
        "form": form,
        "version": version,
        **summarise(redaction, stored.quotable_text()),
    }
    return render(request, "experiences/withhold.html", context)


@member_only
@require_POST
def withheld(request, public_id):
    """Show the words that were withheld and are still kept: each look is noted in the log."""
    report = get_object_or_404(Experience.objects.visible_to(request.user), public_id=public_id)
    return withheld_page(request, report, "experiences/withheld.html", {"report": report})


def withheld_page(request, thing, template, context):
    """Show the words withheld in `thing` that are still kept; where none are, there is no such page."""
    try:
        redactions = thing.look_at_withheld(by=request.user)
    except ValidationError:
        raise Http404 from None
    return render(request, template, context | {"redactions": kept_passages(redactions)})
