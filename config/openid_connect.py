"""The organisation's accounts by which people sign in, as the environment tells of them (OpenID Connect)."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
OTHERS = ("OIDC_NAME_FR", "OIDC_DOMAINS", "OIDC_CLAIM", "OIDC_ENTRY", "OIDC_GROUPS", "OIDC_TRUST_EMAILS")
EVERYONE = "*"


@dataclass(frozen=True)
class Provider:
    """Who says who someone is, who of them may enter, and which groups they are in here.

    `domains`: of their e-mail addresses, empty for all; `entry`: of which values of `claim` they need one,
    empty for none; `groups`: {value of `claim`: name of a group here}.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    name_fr: str = ""
    domains: frozenset = frozenset()
    claim: str = "groups"
    entry: frozenset = frozenset()
    groups: dict = field(default_factory=dict)
    # Whether an address counts as confirmed where the provider does not say: some never do.
    trusts_emails: bool = False

    def name_in(self, language):
        return self.name_fr if language == "fr" and self.name_fr else self.name


def read_provider(env, *, https):
    """Return the Provider that the environment tells of, or None; refuse what is told by half."""
    if not any(env(name, default="") for name in (*NEEDED, *OTHERS)):
        return None
    for name in NEEDED:
        if not env(name, default=""):
            raise ImproperlyConfigured(f"Set {name} too, or nothing that begins with OIDC_.")
    issuer = env("OIDC_ISSUER").rstrip("/")
    if not is_address(issuer, https=https):
        raise ImproperlyConfigured("OIDC_ISSUER is a whole address, such as https://login.example.org.")
    domains = {one.lower().lstrip("@") for one in listed(env, "OIDC_DOMAINS")}
    entry = frozenset(listed(env, "OIDC_ENTRY"))
    if not domains and not entry:
        raise ImproperlyConfigured(
            "Say who may enter: OIDC_DOMAINS, their e-mail domains, or OIDC_ENTRY, values of OIDC_CLAIM; "
            "OIDC_DOMAINS=* lets in whoever the provider knows."
        )
    domains = frozenset(domains - {EVERYONE})
    trusts_emails = env.bool("OIDC_TRUST_EMAILS", default=False)
    if trusts_emails and not domains:
        raise ImproperlyConfigured(
            "OIDC_TRUST_EMAILS needs the domains that are the provider's: OIDC_DOMAINS."
        )
    return Provider(
        issuer=issuer,
        client_id=env("OIDC_CLIENT_ID"),
        client_secret=env("OIDC_CLIENT_SECRET"),
        name=env("OIDC_NAME"),
        name_fr=env("OIDC_NAME_FR", default=""),
        domains=domains,
        claim=env("OIDC_CLAIM", default="groups"),
        entry=entry,
        groups=dict(map(value_and_group, listed(env, "OIDC_GROUPS"))),
        trusts_emails=trusts_emails,
    )


def listed(env, name):
    """Return what stands between the commas of a variable."""
    return list(filter(None, map(str.strip, env(name, default="").split(","))))


def is_address(text, *, https):
    """Whether `text` is where a provider can be asked; on one's own machine, without encryption too."""
    parts = urlsplit(text)
    return bool(parts.hostname) and parts.scheme in (("https",) if https else ("https", "http"))


def value_and_group(text):
    """Read “value=Group”; the value may hold an “=” itself."""
    value, _equals, group = text.rpartition("=")
    if not value.strip() or not group.strip():
        raise ImproperlyConfigured("OIDC_GROUPS is a list such as curators-of-retex=Curators, with commas.")
    return value.strip(), group.strip()
