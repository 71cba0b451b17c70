"""Who may open a page of practices."""

from functools import wraps

from accounts.decorators import member_only
from practices.models.state import require_curator
from practices.moderation.kinds import require_moderator


def moderator_only(view):
    """Ask visitors to sign in; refuse members who do not moderate."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        require_moderator(request.user)
        return view(request, *args, **kwargs)

    return member_only(guarded)


def curator_only(view):
    """Ask visitors to sign in; refuse members who do not curate."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        require_curator(request.user)
        return view(request, *args, **kwargs)

    return member_only(guarded)
