"""“I tried this”: telling of a trial in a minute, and the report it may grow into."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import member_only
from accounts.limits import counted
from config.verbs import submit
from experiences.forms import default_language
from experiences.models import Experience, Situation
from practices.forms import PlacedTrialForm, TrialForm
from practices.models import Trial
from practices.views.practice.detail import readable, render_detail


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def try_out(request, slug):
    """Say “I tried this”, or change what one said; on a page of its own, also where it was tried."""
    practice = readable(request, slug)
    own = own_trial(practice, request.user)
    if request.method != "POST":
        return place_page(request, practice, placed_form(own, request.user))
    if request.POST.get("do") == "place":  # Not sent yet: what was typed goes on to the other form.
        form = placed_form(own, request.user, initial=sent_values(request.POST))
        return place_page(request, practice, form)
    placed = "placed" in request.POST
    trial = own or Trial(practice=practice, by=request.user)
    form = (
        placed_form(trial, request.user, request.POST) if placed else TrialForm(request.POST, instance=trial)
    )
    page = partial(place_page if placed else render_detail, request, practice, form)
    told = []

    def act(**words):
        told.append(practice.try_out(by=request.user, **words))

    refusal = submit(form, counted("trials", request, act), lambda status: page(status=status))
    return refusal or redirect_with_thanks(request, practice, *told)


def own_trial(practice, user):
    return Trial.objects.filter(practice=practice, by=user).select_related("report").first()


def sent_values(post):
    """Return what a small form held, as the large one begins."""
    return {name: post[name] for name in TrialForm._meta.fields if name in post}


def placed_form(trial, user, data=None, **kwargs):
    """Return the form with the place: as noted before, else the member's own situation."""
    contexts = list(trial.contexts.select_related("facet")) if trial and trial.pk else []
    if not contexts:
        situation = Situation.of(user)
        contexts = list(situation.contexts.all()) if situation else []
    return PlacedTrialForm(data, instance=trial, contexts=contexts, **kwargs)


def place_page(request, practice, form, status=200):
    if not practice.is_open_to_readers:
        return redirect(practice)
    return render(request, "practices/try.html", {"practice": practice, "form": form}, status=status)


def redirect_with_thanks(request, practice, told):
    sentences = {
        told.Moderation.SHOWN: _("Thank you. What you told stands below, and the grade was computed again."),
        told.Moderation.WAITING: _("Thank you. A moderator reads it before it is public and counts."),
        told.Moderation.HIDDEN: _("Thank you. It stays hidden until a moderator has looked at it."),
    }
    messages.success(request, sentences[told.moderation])
    return redirect(f"{practice.get_absolute_url()}#trials")


@member_only
@require_POST
def grow(request, slug):
    """Begin the report that tells the whole story of one's trial, or go on with it."""
    trial = own_trial(readable(request, slug), request.user)
    if trial is None:
        raise Http404
    begun = trial.report_id
    report = trial.grow(by=request.user, language=default_language())
    if not begun:
        messages.success(
            request,
            _("Here is a draft that tells what your trial told. Only you can see it until you send it."),
        )
    return redirect(report_address(report))


def report_address(report):
    """Return where its author goes on with `report`."""
    S = Experience.Status
    if report.status in (S.DRAFT, S.RETURNED):
        return reverse("experiences:edit", args=[report.public_id])
    return report.get_absolute_url()
