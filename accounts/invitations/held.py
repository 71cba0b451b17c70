"""The invitation that a visitor opened, until they have an account: their session knows it by its digest."""

from accounts.models import Invitation

SESSION_KEY = "invitation"


def hold(request, invitation):
    request.session[SESSION_KEY] = invitation.digest


def invitation(request):
    """Return the invitation that the visitor opened, while it works; or None."""
    digest = request.session.get(SESSION_KEY)
    return Invitation.objects.pending().filter(digest=digest).first() if digest else None


def let_go(request):
    request.session.pop(SESSION_KEY, None)
