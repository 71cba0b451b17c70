from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts import limits
from accounts.models import current_site
from config.refusals.too_often import TooOften, too_often_page


def member_language(get_response):
    """Speak the member's chosen language, else the cookie's, else the browser's: of those the site offers."""

    def middleware(request):
        request.site = current_site()  # For what stands below this app.
        language = language_of(request, request.site)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return middleware


def language_of(request, site):
    """Return the language in which to answer."""
    offered = site.offered_languages
    if len(offered) == 1:
        return offered[0]
    if request.user.is_authenticated and request.user.language in offered:
        return request.user.language
    found = translation.get_language_from_request(request)
    return found if is_asked_for(found, request) else site.default_language


def is_asked_for(language, request):
    """Whether the cookie or the browser names `language`, rather than none that we know."""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == language:
        return True
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return any(code.partition("-")[0] == language for code, _weight in accepted)


def limited_posts(get_response):
    """Limit the forms that one person sends, of whatever kind, but those whose view counts for itself."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        elsewhere = request.path.startswith("/api/") or getattr(view, "counts_itself", False)
        if request.method != "POST" or elsewhere:
            return None
        try:
            limits.count("posts", request)
        except TooOften as refusal:
            return too_often_page(request, refusal)

    middleware.process_view = process_view
    return middleware
