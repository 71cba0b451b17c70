"""Autosave: what an open page holds is kept on the server while one types."""

import copy

from django.db import IntegrityError
from django.shortcuts import render

from config.versioning import Conflict
from experiences import forms
from experiences.views.form.open_form import (
    edit_url,
    is_same_page,
    made_by_form,
    open_page,
    typed_words,
    use_version_sent,
)
from experiences.views.form.progress import progress


def autosave(request, report):
    """Keep what an open page holds, and tell the page how; nothing is sent, published or refused by it.

    Answers a fragment for static/js/auto-save.js: 200, or 409 when something else was stored
    meanwhile, which is left alone.
    """
    if report.pk and not report.can_be_edited_by(request.user):
        return autosave_state(request, report, "conflict", status=409)
    use_version_sent(request, report)
    stored = copy.copy(report)
    form = forms.ExperienceForm(request.POST, instance=report)
    try:
        if report.status != report.Status.PUBLISHED and form.is_valid():
            report.submission_digest = ""
            report.write(by=request.user, page=open_page(request), while_typed=True)
            return autosave_state(request, report, "saved", form)
        form.is_valid()
        stored.title = stored.title or form.cleaned_data.get("title") or ""
        stored.keep_words(typed_words(request.POST), by=request.user, page=open_page(request))
        return autosave_state(
            request, stored, "public" if report.status == report.Status.PUBLISHED else "unfit", form
        )
    except (Conflict, IntegrityError) as error:
        if report.pk and not report._state.adding:
            return autosave_state(request, report, "conflict", status=409)
        earlier = made_by_form(request.user, report.submission_key)
        if earlier is None:
            raise error
        if not is_same_page(request, earlier):
            return autosave_state(request, earlier, "conflict", status=409)
        return autosave(request, earlier)


def autosave_state(request, report, state, form=None, status=200):
    context = {
        "report": report,
        "state": state,
        "action": edit_url(report),
        "progress": progress(form) if form else (),
    }
    return render(request, "experiences/form/_kept.html", context, status=status)
