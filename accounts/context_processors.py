from django.conf import settings
from django.utils.translation import get_language

from accounts.models import current_site
from accounts.models.site_texts import has_terms_to_accept

THEMES = ("light", "dark")


def theme(request):
    """Give templates the theme the visitor chose; nothing means the system decides."""
    chosen = request.COOKIES.get("theme")
    return {"theme": chosen if chosen in THEMES else ""}


def entrance(request):
    """Give templates how one comes by an account, and the name of the provider to sign in with, or ""."""
    provider = settings.OPENID_CONNECT
    return {"signup": settings.SIGNUP, "provider_name": provider.name_in(get_language()) if provider else ""}


def site(request):
    """Give templates what the site says of itself, and whether whoever reads has new terms to accept.

    What allauth calls `site` is the host alone. Who reads is asked by pages that say so alone: one that says
    that the database is away cannot know.
    """

    def terms_are_new():
        member = getattr(request, "user", None)  # None where a page is refused before anybody is known.
        return bool(member) and has_terms_to_accept(member)

    return {"this_site": current_site(), "terms_are_new": terms_are_new}
