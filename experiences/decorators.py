"""Who may open a page of moderators."""

from accounts.decorators import allowed_only
from experiences.models.flags import require_moderator
from experiences.models.vocabulary.change import require_editor


def moderator_only(view):
    """Ask visitors to sign in; refuse members who do not moderate."""
    return allowed_only(view, require_moderator)


def vocabulary_editor_only(view):
    """Ask visitors to sign in; refuse members who may not edit the vocabulary."""
    return allowed_only(view, require_editor)
