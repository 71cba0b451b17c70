"""Who may open a page of curators."""

from accounts.decorators import allowed_only
from practices.models.practice.state import require_curator


def curator_only(view):
    """Ask visitors to sign in; refuse members who do not curate."""
    return allowed_only(view, require_curator)
