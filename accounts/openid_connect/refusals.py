"""Why someone did not come in by the provider: each reason with what they can do about it."""

import logging
from http import HTTPStatus

from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from requests import RequestException

AGAIN = _("Begin again. If it happens again, tell whoever runs this site.")
REFUSALS = {
    "unreachable": (
        _("%(provider)s does not answer"),
        _("Nothing is wrong with your account. Try again in a few minutes, or sign in another way."),
    ),
    "declined": (
        _("You did not come back with your account"),
        _("You stopped, or %(provider)s did not let you go on. Begin again, or sign in another way."),
    ),
    "expired": (
        _("This sign-in is no longer under way"),
        _("It took more than ten minutes, was used already, or was begun in another browser. Begin again."),
    ),
    "invalid": (_("What %(provider)s answered could not be verified, so nobody was signed in"), AGAIN),
    "unconfirmed": (
        _("%(provider)s has not confirmed your e-mail address"),
        _("Confirm it there, or ask whoever looks after accounts there to do so. Then begin again."),
    ),
    "domain": (
        _("Your e-mail address is not one that may enter here"),
        _(
            "Only addresses of these domains may: %(domains)s. If you have such an account too, sign out of "
            "the other one at %(provider)s and begin again."
        ),
    ),
    "claim": (
        _("%(provider)s does not say that you may enter here"),
        _("Ask whoever looks after accounts there to give you access to this site. Then begin again."),
    ),
    "unproven": (
        _("An account here has your e-mail address, but nobody has confirmed that it is theirs"),
        _(
            "So it is not opened to you yet. Ask for a new password for it: the e-mail comes to you. Sign in "
            "with it once. From then on, %(provider)s opens that account."
        ),
    ),
    "other": (
        _("The account here with your e-mail address is entered by someone else’s %(provider)s account"),
        _("The address may have been theirs before. Ask whoever runs this site whose account it is."),
    ),
    "uninvited": (
        _("This site is open to those who are invited"),
        _(
            "Nobody has invited your e-mail address yet, or the invitation has expired. Ask whoever runs "
            "this site for one."
        ),
    ),
}
logger = logging.getLogger(__name__)


class Refused(OAuth2Error):
    """Someone may not come in, for one reason of REFUSALS."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def reason_for(error, exception, known_state):
    """Return why allauth's sign-in stopped."""
    if isinstance(exception, Refused):
        return exception.reason
    if isinstance(exception, RequestException):
        return "unreachable"
    if exception is not None:
        return "invalid"
    return "declined" if error == AuthError.CANCELLED or known_state else "expired"


def refusal_page(request, reason, exception=None):
    """Say on a page why nobody was signed in; the log says what went wrong between the two sites."""
    if exception is not None and not isinstance(exception, Refused):
        logger.warning("Sign-in by the provider failed, %s: %s", reason, type(exception).__name__)
    provider = settings.OPENID_CONNECT
    named = {
        "provider": provider.name_in(get_language()),
        "domains": ", ".join(sorted(provider.domains)),
    }
    title, advice = (text % named for text in REFUSALS[reason])
    context = {"title": title, "advice": advice, "reason": reason, "noindex": True}
    status = HTTPStatus.SERVICE_UNAVAILABLE if reason == "unreachable" else HTTPStatus.FORBIDDEN
    return render(request, "socialaccount/refused.html", context, status=status)
