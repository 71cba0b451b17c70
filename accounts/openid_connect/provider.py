"""What is asked of the provider, and what of its answers is believed."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.shortcuts import render

from accounts.openid_connect import admission, id_token

ID = "organisation"


def nonce_of(verifier):
    """Return what ties an ID token to the session that holds the secret `verifier` (of PKCE)."""
    return urlsafe_b64encode(sha256(f"nonce {verifier}".encode()).digest()).decode().rstrip("=")


class OAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """Asks the provider. allauth believes an ID token that came over TLS; here, its signature must hold."""

    @property
    def openid_config(self):
        """What the provider tells of itself, which must be the one that the settings name."""
        try:
            config = super().openid_config
            told = config["issuer"].rstrip("/")
            config["authorization_endpoint"], config["token_endpoint"], config["jwks_uri"]
        except (KeyError, TypeError, AttributeError) as error:
            raise OAuth2Error("What the provider tells of itself is incomplete.") from error
        if told != self.get_provider().app.settings["server_url"]:
            raise OAuth2Error("The provider is another than OIDC_ISSUER.")
        return config

    def get_access_token_data(self, request, app, client, pkce_code_verifier=None):
        self.nonce = nonce_of(pkce_code_verifier)
        try:
            return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        except (KeyError, ValueError) as error:
            raise OAuth2Error("The provider gave no token.") from error

    def parse_token(self, data):
        return SocialToken(token=data["access_token"])

    def complete_login(self, request, app, token, response, **kwargs):
        signed = id_token.read(
            response.get("id_token"),
            self.fetched(self.openid_config["jwks_uri"]),
            issuer=self.openid_config["issuer"],
            client_id=app.client_id,
            nonce=self.nonce,
        )
        claims = self.more(token, signed) | signed
        admission.require(claims)
        return self.get_provider().sociallogin_from_response(request, claims)

    def more(self, token, signed):
        """Return what the provider tells beside the ID token, which for some holds no address."""
        address = self.openid_config.get("userinfo_endpoint")
        told = self.fetched(address, Authorization=f"Bearer {token.token}") if address else signed
        if told.get("sub") != signed["sub"]:
            raise OAuth2Error("The provider tells of someone else.")
        return told

    def fetched(self, address, **headers):
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, headers=headers)
            answer.raise_for_status()
            told = answer.json()
        if not isinstance(told, dict):
            raise OAuth2Error("The provider answered something else.")
        return told


class Provider(OpenIDConnectProvider):
    """The provider of the organisation's accounts. Of what it tells, no more is kept than is needed here."""

    oauth2_adapter_class = OAuth2Adapter

    def redirect(self, request, process, **kwargs):
        """Lead there by a page: our policy stops a form that is answered by another site."""
        answer = super().redirect(request, process, **kwargs)
        there = answer.headers.get("Location")
        context = {"there": there, "provider": self, "noindex": True}
        return render(request, "socialaccount/leave.html", context) if there else answer

    def get_pkce_params(self):
        known = super().get_pkce_params()
        return known | {"nonce": nonce_of(known["code_verifier"])}

    def get_scope_from_request(self, request):
        return self.get_scope()

    def get_auth_params_from_request(self, request, action):
        return self.get_auth_params()

    def extract_uid(self, claims):
        """Return who it is for this provider, and for no other that may take its place (`iss` and `sub`)."""
        return sha256(f"{claims['iss']} {claims['sub']}".encode()).hexdigest()

    def extract_extra_data(self, claims):
        return {"email": str(claims.get("email") or ""), "groups": admission.groups_given(claims)}

    def extract_common_fields(self, claims):
        return {"email": claims.get("email"), "name": claims.get("given_name") or claims.get("name")}

    def extract_email_addresses(self, claims):
        address = claims.get("email")
        if not isinstance(address, str):
            return []
        return [EmailAddress(email=address, verified=admission.is_confirmed(claims), primary=True)]
