"""The lens: in whose situation a page is read. A visitor sets it by three questions, for one visit.

What they answer stays in their browser: a cookie holds it, and the server writes it nowhere.
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods

from config.http.next_address import next_address, with_params
from experiences.forms import VisitForm
from experiences.models import Situation, VisitSituation
from experiences.views.cards import situation_words
from experiences.views.list_page.weighing import PARAMETERS

COOKIE = "situation"


def situation_for(request):
    """Return the situation a page is read in, or None."""
    return Situation.to_read_in(request.user, visit=request.COOKIES.get(COOKIE, ""))


class Lens:
    """The situation a page is read in: whose it is, in words, and where to change it."""

    def __init__(self, request, situation):
        self.request, self.situation = request, situation

    @cached_property
    def facts(self):
        return situation_words(self.situation)

    @property
    def is_of_visit(self):
        return isinstance(self.situation, VisitSituation)

    @property
    def here(self):
        return self.request.get_full_path()

    @property
    def visit_url(self):
        return visit_url(self.here)

    @property
    def change_url(self):
        return self.visit_url if self.is_of_visit else reverse("situation")


def visit_url(then):
    """Return where the three questions are asked, before going on to `then`."""
    return f"{reverse('visit')}?{urlencode({'next': then})}"


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request):
    """Ask where a reader works, and have their browser remember it for this visit; or forget it."""
    if request.POST.get("do") == "clear":
        return _forget(request)
    held = situation_for(request)
    form = VisitForm(request.POST or None, told=held.contexts.all() if held else ())
    if request.method == "POST" and form.is_valid():
        response = redirect(next_address(request))
        said = VisitSituation.of(form.contexts())
        response.set_cookie(COOKIE, str(said), samesite="Lax", secure=settings.HTTPS, httponly=True)
        return response
    context = {"form": form, "then": next_address(request), "noindex": True}
    return render(request, "experiences/visit.html", context, status=422 if form.errors else 200)


def _forget(request):
    then = next_address(request)
    stored = Situation.to_read_in(request.user)
    response = redirect(then if stored else _without_likeness(then))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _without_likeness(address):
    """Return `address` in its usual order, from its first page, without what weighs in likeness: without a
    situation there is none.
    """
    nothing = dict.fromkeys(("ordering", "cursor", *PARAMETERS.values()))
    asked = QueryDict(urlsplit(address).query).get("ordering")
    return with_params(address, **nothing) if asked == "likeness" else address
