from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers


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
