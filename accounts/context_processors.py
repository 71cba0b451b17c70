from django.conf import settings
from django.utils.translation import get_language

THEMES = ("light", "dark")


def theme(request):
    """Give templates the theme the visitor chose; nothing means the system decides."""
    chosen = request.COOKIES.get("theme")
    return {"theme": chosen if chosen in THEMES else ""}


def entrance(request):
    """Give templates how one comes by an account, and the name of the provider to sign in with, or ""."""
    provider = settings.OPENID_CONNECT
    return {"signup": settings.SIGNUP, "provider_name": provider.name_in(get_language()) if provider else ""}
