"""Whose account here is opened by an account of the provider."""

from time import time

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from accounts.openid_connect import admission
from accounts.openid_connect.provider import ID, Provider
from accounts.openid_connect.refusals import reason_for, refusal_page

MOST_SECONDS = 1800  # between coming back from the provider and having an account here


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The one provider that the settings tell of, and how its accounts are joined with ours."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Choose a password first: without it, you could not sign in any more."),
        "no_verified_email": _("Confirm an e-mail address first: without, you could not sign in any more."),
    }

    # --- The provider: no table is asked for it ---

    def list_apps(self, request, provider=None, client_id=None):
        known = settings.OPENID_CONNECT
        asked = provider in (None, ID, Provider.id) and client_id in (None, known and known.client_id)
        return [app_of(known)] if known and asked else []

    def get_provider(self, request, provider, client_id=None):
        return Provider(request, app=self.get_app(request, provider, client_id))

    def list_providers(self, request):
        return [Provider(request, app=app) for app in self.list_apps(request)]

    def is_email_verified(self, provider, email):
        return False  # Unless the provider says so itself: admission.is_confirmed.

    # --- Whose account ---

    def authenticate_by_email(self, sociallogin):
        """Return (member, address): who confirmed here the address that the provider has confirmed there.

        An account here that only names the address may be of anyone, and is not opened by it.
        """
        told = {one.email.lower() for one in sociallogin.email_addresses if one.verified}
        row = EmailAddress.objects.filter(email__in=told, verified=True).select_related("user").first()
        return (row.user, row.email) if row else None

    def pre_social_login(self, request, sociallogin):
        sociallogin.token = None  # It has told what it was asked for, and is kept nowhere.
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        sociallogin.state["came_back_at"] = time()
        if reason := reason_against(sociallogin):
            raise ImmediateHttpResponse(refusal_page(request, reason))
        if sociallogin.is_existing:
            admission.give_groups(sociallogin.user, sociallogin.account.extra_data["groups"])

    # --- A new member ---

    def is_open_for_signup(self, request, sociallogin):
        if time() - sociallogin.state.get("came_back_at", 0) > MOST_SECONDS:
            raise ImmediateHttpResponse(refusal_page(request, "expired"))
        if settings.SIGNUP == "invited" and not invitation_for(sociallogin):
            raise ImmediateHttpResponse(refusal_page(request, "uninvited"))
        return True

    def populate_user(self, request, sociallogin, data):
        """Propose a name to show, which the member decides on."""
        user = super().populate_user(request, sociallogin, data)
        user.display_name = str(data.get("name") or "")[:80]
        return user

    def get_signup_form_initial_data(self, sociallogin):
        name = sociallogin.user.display_name
        return super().get_signup_form_initial_data(sociallogin) | {"display_name": name}

    @transaction.atomic
    def save_user(self, request, sociallogin, form=None):
        invitation = invitation_for(sociallogin)
        user = super().save_user(request, sociallogin, form)
        if invitation:
            invitation.accept(by=user)
        admission.give_groups(user, sociallogin.account.extra_data["groups"])
        return user

    # --- What is told ---

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        reason = reason_for(error, exception, known_state=bool((extra_context or {}).get("state")))
        raise ImmediateHttpResponse(refusal_page(request, reason, exception))

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell a member, whatever they chose, that another account opens theirs, or no longer does."""
        get_account_adapter().send_mail(template_prefix, user.email, context or {})


def app_of(known):
    """Return allauth's row for the provider, which is stored nowhere."""
    told = {"server_url": known.issuer, "oauth_pkce_enabled": True}
    app = SocialApp(provider=Provider.id, provider_id=ID, client_id=known.client_id, settings=told)
    app.name, app.secret = known.name, known.client_secret
    return app


def address_of(sociallogin):
    return sociallogin.email_addresses[0].email.lower()


def reason_against(sociallogin):
    """Return why the account of the provider opens none here; "" where it does, or makes one."""
    if not sociallogin.is_existing:
        return "unproven" if User.objects.filter(email__iexact=address_of(sociallogin)).exists() else ""
    is_new = sociallogin.account.pk is None  # Found by its address, which may have been another's before.
    return "other" if is_new and SocialAccount.objects.filter(user=sociallogin.user).exists() else ""


def invitation_for(sociallogin):
    """Return the invitation of the address that the provider has confirmed."""
    return Invitation.objects.pending().filter(email=address_of(sociallogin)).first()
