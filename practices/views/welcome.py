"""Where one begins: three doors for whoever arrives, and three steps for who has just signed up.

Each step can be left: what it asks can be said later, on the pages that it names.
"""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import member_only
from experiences.forms import VisitForm
from experiences.models import Situation
from experiences.views.lens import situation_for
from experiences.views.list_page.languages import remember_languages, wants_both
from practices.forms import FollowStakesForm, ReadingLanguagesForm

STEPS = ("welcome-situation", "welcome-languages", "welcome-following")


@require_safe
def welcome(request):
    """Say what this site is for, to whom faces something, lived something, or answers for a community."""
    return render(request, "welcome/index.html")


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def situation(request):
    """First step: where the member works, by the three facets that matter most."""
    told = situation_for(request)
    form = VisitForm(sent(request), told=told.contexts.all() if told else ())
    if form.is_valid():
        stored = Situation.of(request.user)
        others = [one for one in stored.contexts.all() if one.facet not in form.known] if stored else []
        Situation.state([*form.contexts(), *others], by=request.user)
        return redirect(after("welcome-situation"))
    return render_step(request, "welcome-situation", form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def languages(request):
    """Second step: the language of the pages, and which languages lists are read in."""
    mixed = wants_both(request)
    initial = {"language": request.LANGUAGE_CODE, "mixed": "yes" if mixed else ""}
    form = ReadingLanguagesForm(sent(request), initial=initial)
    if form.is_valid():
        request.user.language = form.cleaned_data["language"]
        request.user.save(update_fields=["language"])
        response = redirect(after("welcome-languages"))
        response.delete_cookie(
            settings.LANGUAGE_COOKIE_NAME, samesite="Lax"
        )  # The account has the newer choice.
        remember_languages(response, mixed=bool(form.cleaned_data["mixed"]))
        return response
    return render_step(request, "welcome-languages", form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def following(request):
    """Third step: the stakes that the member follows, as searches that they keep."""
    form = FollowStakesForm(sent(request))
    if form.is_valid() and form.keep(by=request.user):
        number = len(form.kept)
        said = ngettext(
            "You keep %(number)s search: it stands under “What I follow”, in your account.",
            "You keep %(number)s searches: they stand under “What I follow”, in your account.",
            number,
        )
        with override(request.site.offered(request.user.language or request.LANGUAGE_CODE)):
            messages.success(request, said % {"number": number} if number else _("You follow these already."))
        return redirect(after("welcome-following"))
    return render_step(request, "welcome-following", form)


def sent(request):
    """Return what was sent, be it nothing at all; None where a page is asked for."""
    return request.POST if request.method == "POST" else None


def after(step):
    """Return the name of the page that comes after a step."""
    return dict(zip(STEPS, (*STEPS[1:], "home"), strict=True))[step]


def render_step(request, step, form):
    titles = (_("Where you work"), _("Your languages"), _("What you follow"))
    question, reason = asked(step)
    context = {
        "noindex": True,
        "form": form,
        "steps": list(zip(STEPS, titles, strict=True)),
        "step": step,
        "number": STEPS.index(step) + 1,
        "question": question,
        "reason": reason,
        "then": after(step),
    }
    template = step.replace("welcome-", "welcome/") + ".html"
    return render(request, template, context, status=422 if form.errors else 200)


def asked(step):
    """Return what a step asks, and why; "" where the question says it."""
    return {
        "welcome-situation": (
            _("Where do you work?"),
            _(
                "What comes from places like yours then comes first, and your reports begin with it. "
                "Nobody else sees it."
            ),
        ),
        "welcome-languages": (_("Which languages do you read?"), ""),
        "welcome-following": (
            _("What do you want to follow?"),
            _(
                "You are told what is new about the stakes that you choose, and nothing else. "
                "One click in each e-mail stops it."
            ),
        ),
    }[step]
