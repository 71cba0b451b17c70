"""In which language a list is read: one of the two, or both, a choice that lasts."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.next_address import next_address
from experiences.models import Experience

COOKIE, BOTH = "languages", "both"
A_YEAR = 60 * 60 * 24 * 365


def wants_both(request):
    """Whether the reader once chose to read both languages as one list."""
    return request.COOKIES.get(COOKIE) == BOTH


def language_first(request):
    """Return the language of what comes first on lists: the reader's own, or "" where they want both."""
    return "" if wants_both(request) else get_language()


def language_choices(chosen, counts, first):
    """Return [{value, label, lang, count, chosen}] for components/languages.html: one language, or both.

    Where none is chosen, and `first` comes first, neither stands as chosen.
    """
    one = chosen[0] if len(chosen) == 1 else "" if first and not chosen else BOTH
    choices = [
        {"value": value, "label": label, "lang": value, "count": counts.get(value, 0)}
        for value, label in Experience.Language.choices
    ]
    choices.append({"value": BOTH, "label": _("Both"), "lang": "", "count": None})
    return [choice | {"chosen": choice["value"] == one} for choice in choices]


@require_POST
def list_languages(request):
    """Go back to a list in one language, or in both; both is remembered, until one is chosen."""
    chosen = request.POST.get("languages")
    if chosen not in (*Experience.Language.values, BOTH):
        raise BadRequest
    response = redirect(_in_language(next_address(request), "" if chosen == BOTH else chosen))
    if chosen == BOTH:
        response.set_cookie(
            COOKIE, BOTH, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _in_language(address, language):
    """Return the address of a list, from its first page, in `language` or in both."""
    path, _mark, query = address.partition("?")
    params = QueryDict(query, mutable=True)
    for name in ("language", "cursor"):
        params.pop(name, None)
    if language:
        params["language"] = language
    return f"{path}?{params.urlencode()}" if params else path
