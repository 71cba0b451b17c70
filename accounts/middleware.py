from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts import limits
from config.refusals.too_often import TooOften, too_often_page


def member_language(get_response):
    """Speak the member's chosen language, else the cookie's, else the browser's."""
    known = dict(settings.LANGUAGES)

    def middleware(request):
        chosen = request.user.language if request.user.is_authenticated else ""
        language = chosen if chosen in known else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return middleware


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
