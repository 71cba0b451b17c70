"""In which languages a list is read: one's own first, one alone, or both mixed, a choice that lasts."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.http.next_address import next_address, with_params
from experiences.models import Experience

COOKIE, FIRST, BOTH = "languages", "first", "both"
A_YEAR = 60 * 60 * 24 * 365


def wants_both(request):
    """Whether the reader once chose to read both languages as one list."""
    return request.COOKIES.get(COOKIE) == BOTH


def language_first(request):
    """Return the language of what comes first on lists: the reader's own, or "" where they want both."""
    return "" if wants_both(request) else get_language()


def language_choices(chosen, counts, *, mixed, can_part):
    """Return [{value, label, lang, count, chosen}] for components/languages.html.

    `mixed`: the reader wants both as one list; `can_part`: this order lets one's own come first.
    """
    languages = [
        {"value": value, "label": label, "lang": value, "count": counts.get(value, 0)}
        for value, label in Experience.Language.choices
    ]
    choices = [{"value": BOTH, "label": _("Both, mixed")}, *languages]
    if can_part:
        own = Experience.Language(get_language()).label
        choices.insert(0, {"value": FIRST, "label": _("%(language)s first") % {"language": own}})
    now = chosen[0] if len(chosen) == 1 else FIRST if can_part and not mixed else BOTH
    return [choice | {"chosen": choice["value"] == now} for choice in choices]


@require_POST
def list_languages(request):
    """Go back to a list, from its first page, in the languages chosen; only that of both is remembered."""
    chosen = request.POST.get("languages")
    if chosen not in (*Experience.Language.values, FIRST, BOTH):
        raise BadRequest
    language = None if chosen in (FIRST, BOTH) else chosen
    response = redirect(with_params(next_address(request), cursor=None, language=language))
    remember_languages(response, mixed=chosen == BOTH)
    return response


def remember_languages(response, *, mixed):
    """Have the reader's browser remember whether both languages are read as one list."""
    if mixed:
        response.set_cookie(
            COOKIE, BOTH, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
