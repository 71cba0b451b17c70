"""Keywords that authors use often: which may be everyday words of terms, and which are none."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from config.text import whole_number
from config.verbs import submit
from experiences.decorators import vocabulary_editor_only
from experiences.models import FrequentKeyword
from experiences.models.vocabulary.keywords import LEAST_AUTHORS, LEAST_REPORTS, REPORTS_SHOWN
from experiences.term_verbs import KEYWORD_VERBS

ON_A_PAGE = 50


@vocabulary_editor_only
@require_safe
def keywords(request):
    """List the keywords that may become terms, the most used first; or, ?state=dismissed, that are none."""
    dismissed = request.GET.get("state") == "dismissed"
    rows = FrequentKeyword.objects.dismissed() if dismissed else FrequentKeyword.objects.proposed()
    page = whole_number(request.GET.get("page", ""), most_digits=4) or 1
    shown = list(rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE + 1])
    context = {
        "rows": shown[:ON_A_PAGE],
        "dismissed": dismissed,
        "page": page,
        "more": len(shown) > ON_A_PAGE,
        "least_reports": LEAST_REPORTS,
        "least_authors": LEAST_AUTHORS,
    }
    return render(request, "vocabulary/keywords.html", context)


@vocabulary_editor_only
@require_safe
def keyword(request, pk):
    """Show one keyword, some of the reports that have it, and what can be done with it."""
    return keyword_page(request, found(request, pk))


@vocabulary_editor_only
@require_POST
def decide(request, pk, verb):
    """Do with a keyword what its button says."""
    row = found(request, pk)
    if verb not in KEYWORD_VERBS:
        raise Http404
    known = KEYWORD_VERBS[verb]
    form = known.form(request.POST, verb=verb, row=row)
    page = partial(keyword_page, request, row, form)
    refusal = submit(form, partial(known.act, row, by=request.user), page)
    if refusal:
        return refusal
    messages.success(request, known.success_message(row))
    return redirect("vocabulary:keywords")


def found(request, pk):
    return get_object_or_404(FrequentKeyword.objects.visible_to(request.user), pk=pk)


def keyword_page(request, row, form=None, status=200):
    """Show the page of `row`; `form` is one that was refused, with its words and errors."""
    forms = KEYWORD_VERBS.forms_for(request.user, row, refused=form)
    context = {
        "keyword": row,
        "reports": list(row.published().for_titles().order_by("-order_key")[:REPORTS_SHOWN]),
        "refused": form,
        "buttons": KEYWORD_VERBS.buttons(forms, "step"),
    }
    return render(request, "vocabulary/keyword.html", context, status=status)
