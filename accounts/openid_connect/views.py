"""To the provider and back; nothing of it is there where the settings tell of none."""

from functools import wraps

from allauth.account.views import password_set
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from accounts.openid_connect.provider import OAuth2Adapter


def where_configured(view):
    """Answer as if the address did not exist where there is no provider."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if settings.OPENID_CONNECT is None:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request):
    """Let a member who has no password choose one, unless all are to come by the provider."""
    if settings.SIGNUP == "sso" and not request.user.has_usable_password():
        raise Http404
    return password_set(request)


@require_http_methods(["GET", "HEAD", "POST"])
def login(request, provider_id):
    """Ask whether to go to the provider; go there, if asked by a form."""
    return between_sites(request, provider_id, OAuth2LoginView)


@require_safe
def callback(request, provider_id):
    """Come back from the provider."""
    return between_sites(request, provider_id, OAuth2CallbackView)


def between_sites(request, provider_id, view):
    """Let allauth's `view` ask the provider; what it lets go wrong is told on the same page as the rest."""
    try:
        adapter = OAuth2Adapter(request, provider_id)
        provider = adapter.get_provider()
        return view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        return render_authentication_error(request, provider, exception=error)
