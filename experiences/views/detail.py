"""The page of one report."""

from itertools import groupby

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from config.http.conditional_pages import conditional_detail
from experiences import review_queue
from experiences.interchange.citation import ReportCitation
from experiences.models import Experience
from experiences.models.report.parts import MOST_STAKES
from experiences.privacy.check import check_of
from experiences.reads.counter import count_read
from experiences.search import similarity
from experiences.search.reports import page_validator
from experiences.verbs import VERBS
from experiences.views import questions
from experiences.views.lens import Lens, situation_for
from experiences.views.report_context import report_context
from experiences.views.revisions import since_sent


@require_safe
def detail(request, public_id):
    """Show a report to who may know of it, and count that it is read; not by its author, nor unpublished."""
    uncounted = False

    def page():
        nonlocal uncounted
        visible = Experience.objects.visible_to(request.user).for_detail()
        report = get_object_or_404(visible, public_id=public_id)
        uncounted = report.author == request.user or report.status != report.Status.PUBLISHED
        return detail_page(request, report)

    response = conditional_detail(request, lambda: page_validator(public_id), page)
    return count_read(request, response, "report", public_id, is_own=uncounted)


def detail_page(request, report, refusal=None, status=200):
    """Show a report; `refusal` is the form of a verb that was refused, its words kept."""
    user = request.user
    mine = situation_for(request)
    past = list(report.revisions.visible_to(user).defer("told"))
    flags = report.flags_for(user)
    if user.has_perm("experiences.moderate_experience"):
        prefetch_related_objects([report], "log")  # Two verbs ask what it says of the author.
    verb_forms = VERBS.forms_for(user, report, refusal)
    reviewed = {"publish", "restore"} & set(verb_forms)
    context = {
        **report_context(report, user, mine),
        "lens": Lens(request, mine),
        "canonical": settings.SITE_URL + report.get_absolute_url(),
        "alike": similarity.explain(*map(similarity.known, (mine.contexts.all(), report.contexts.all())))
        if mine
        else "",
        "follow_ups": report.follow_ups_for(user),
        "feeds": feeds(report),
        "withheld": user.has_perm("experiences.moderate_experience") and report.redactions.kept().exists(),
        "past": past,
        "citation": citation(report, user, past),
        "since_sent": since_sent(report, user),
        "is_author": user.is_authenticated and user == report.author,
        "queue": queue(report, user),
        "can_edit": report.can_be_edited_by(user),
        "verb_forms": {name.replace("-", "_"): form for name, form in verb_forms.items()},
        "moderation": VERBS.buttons(verb_forms, "moderation"),
        "more": VERBS.buttons(verb_forms, "more"),
        "flags": flags,
        "asked": questions.questions_of(report, user, refusal),
        "visitor": not user.is_authenticated,
        "check": check_of(report) if reviewed else None,
        "log": report.log.select_related("by") if report.can_be_read_whole_by(user) else [],
        "form": refusal,
        "most_stakes": MOST_STAKES,
    }
    return render(request, "experiences/detail.html", context, status=status)


def queue(report, user):
    """Return where a report stands that waits for a curator, for its author."""
    if user != report.author or report.status != report.Status.SUBMITTED:
        return None
    return {"place": review_queue.place(report), "usual": review_queue.usual_days()}


def citation(report, user, past):
    """Return how a published report is quoted; `past`: its revisions that `user` may read."""
    if report.status != report.Status.PUBLISHED:
        return None
    return ReportCitation.of(report, None if report.can_be_read_whole_by(user) else past)


def feeds(report):
    """Return [(practice, words of the version that is read, the public evidence this report gives it)].

    Of a practice that can be read in several languages, the one of the page.
    """
    found = report.evidence.public().select_related("claim__practice", "claim__version")
    rows = list(found.order_by("claim__practice", "claim__position"))
    here = {_family(row) for row in rows if row.claim.version.language == get_language()}
    read = [row for row in rows if row.claim.version.language == get_language() or _family(row) not in here]
    grouped = [list(of_one) for _key, of_one in groupby(read, key=lambda row: row.claim.practice_id)]
    return [(given[0].claim.practice, given[0].claim.version, given) for given in grouped]


def _family(row):
    return row.claim.practice.translation_of_id or row.claim.practice_id
