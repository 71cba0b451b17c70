"""The address of a list is its state, and says nothing that means nothing.

A form sends its empty controls too, and its one menu of what to leave out for all facets. Scripts put that
right before it is sent; without them, the reader is led on to the address it should have been.
"""

from django.http import QueryDict
from django.utils.translation import gettext as _

from config.http.refused_address import refused_address
from experiences.views.lens import visit_url

LEAVE_OUT = "leave_out"


def params_asked(request):
    """Return what the address asks for: a value of the menu, platform:chat, is not_platform=chat."""
    if LEAVE_OUT not in request.GET:
        return request.GET
    params = request.GET.copy()
    for given in params.pop(LEAVE_OUT):
        facet, colon, value = given.partition(":")
        if colon and value not in params.getlist(f"not_{facet}"):
            params.appendlist(f"not_{facet}", value)
        elif given and not colon:
            params.appendlist(LEAVE_OUT, given)  # It will be refused by its name.
    return params


def plainer_url(request, params):
    """Return the address of `params` without what is empty, or "" where it is the one that was asked for."""
    return "" if _without_empty(params) == request.GET else address_of(request.path, params)


def address_of(path, params):
    """Return `path` with what of `params` is not empty."""
    query = _without_empty(params).urlencode()
    return f"{path}?{query}" if query else path


def _without_empty(params):
    kept = QueryDict(mutable=True)
    for name, values in params.lists():
        for value in filter(None, values):
            kept.appendlist(name, value)
    return kept


def refused_list(request, refusal, whole):
    """Answer 400 naming what was not understood; who asks for likeness to no situation can say it first, if
    that alone is refused.
    """
    way = None
    if request.GET.getlist("ordering") == ["likeness"] and list(refusal.message_dict) == ["ordering"]:
        here = visit_url(request.get_full_path())
        way = {"url": here, "label": _("Say where you work, in three questions")}
    return refused_address(request, refusal, whole, way)
