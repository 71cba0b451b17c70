"""Oneself and one's tokens, for programs."""

from django.urls import reverse
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.models import Token, User
from config.rest import fields, views


class NoticesSerializer(views.Serializer):
    notices = fields.Choice(User.Notices.values)


class MeViewSet(views.ViewSet):
    """Whose token this is, and what it allows."""

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = views.Serializer

    def list(self, request):
        """Read who I am to this service."""
        return Response(
            {
                "name": request.user.display_name,
                "language": request.user.language,
                "notices": request.user.notices,
                "roles": list(request.user.groups.order_by("name").values_list("name", flat=True)),
                "scope": request.auth.scope if request.auth else "write",
                "data": request.build_absolute_uri(reverse("api-me-data-list")),
                "experiences": request.build_absolute_uri(reverse("api-mine-experiences")),
                "situation": request.build_absolute_uri(reverse("api-mine-situation")),
            }
        )

    @action(detail=False, methods=["put"])
    def notices(self, request):
        """Choose which e-mails about reports and practices I receive."""
        request.user.notices = self.given(NoticesSerializer)["notices"]
        request.user.save(update_fields=["notices"])
        return self.list(request)


class TokenSerializer(views.Serializer):
    name = fields.Text()
    scope = fields.Choice(Token.Scope.values, default=Token.Scope.READ)
    days = fields.Whole(default=Token.DAYS)


class TokenViewSet(views.ViewSet):
    """My tokens. The key itself is shown once, when it is made."""

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = TokenSerializer
    lookup_field = "handle"
    lookup_value_regex = "[0-9a-f]{16}"

    def get_queryset(self):
        return Token.objects.of(self.request.user)

    def list(self, request):
        """Read my tokens, without their keys."""
        return views.answer_all([token_data(token) for token in self.get_queryset()])

    def create(self, request):
        """Make a token and read its key, this once."""

        def create():
            token, key = Token.issue(by=request.user, **self.given(TokenSerializer))
            return Response(token_data(token) | {"token": key}, status=status.HTTP_201_CREATED)

        return views.once(request, create, keep=lambda data: data | {"token": None})

    def destroy(self, request, handle):
        """Revoke a token at once."""
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def token_data(token):
    return {
        "id": token.handle,
        "name": token.name,
        "scope": token.scope,
        "created_on": token.created.date().isoformat(),
        "expires_on": token.expiry.date().isoformat() if token.expiry else None,
    }
