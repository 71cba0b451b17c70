"""Who may open a page of moderators."""

from functools import wraps

from accounts.decorators import member_only
from experiences.models.vocabulary_change import require_editor


def moderator_only(view):
    """Ask visitors to sign in; refuse members who may not edit the vocabulary."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        require_editor(request.user)
        return view(request, *args, **kwargs)

    return member_only(guarded)
