"""Who a request of the API comes from, and what its token allows."""

from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission


class TokenAuthentication(KnoxAuthentication):
    def authenticate_credentials(self, token):
        # What is no token of ours is not looked up: a NUL would break the query.
        if not token.isalnum():
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)


class ScopeAllows(BasePermission):
    """Let anyone read; to change anything, a member, whose token (if one is used) may write."""

    message = _("This token may read only. Make one with the scope “write”.")

    def has_permission(self, request, view):
        if request.method in SAFE_METHODS:
            return True
        if not request.user.is_authenticated:
            return False
        return request.auth is None or request.auth.scope == "write"
