"""What a provider signs of who signed in (OpenID Connect Core 1.0, 3.1.3.7)."""

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.crypto import constant_time_compare

# By a key whose public half the provider publishes: one that both sides know proves less.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KEY_TYPES = ("RSA", "EC", "OKP")
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")
CLOCKS_APART = 60  # seconds


def read(token, keys, *, issuer, client_id, nonce):
    """Return the claims of the ID token `token`, signed by one of `keys` (a JWK set) for this sign-in alone;
    raise OAuth2Error for anything else.
    """
    try:
        key = key_of(token, keys)
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client_id,
            leeway=CLOCKS_APART,
            options={"require": REQUIRED},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error("The ID token is not valid.") from error
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise OAuth2Error("The ID token is of another sign-in.")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise OAuth2Error("The ID token was given to another program.")
    return claims


def key_of(token, keys):
    """Return the key that `token` names; one that names none is signed by the only key there is."""
    name = jwt.get_unverified_header(token).get("kid")
    signing = [one for one in keys["keys"] if one.get("use", "sig") == "sig" and one.get("kty") in KEY_TYPES]
    named = [one for one in signing if name in (None, one.get("kid"))]
    if len(named) != 1:
        raise ValueError("No key of the provider is the one that is named.")
    return jwt.PyJWK(named[0]).key
