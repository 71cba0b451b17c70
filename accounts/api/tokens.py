"""One's tokens, for programs."""

from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from accounts.models import Token
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import answer_all
from config.rest.serializers import Serializer
from config.rest.shapes import DAY, TEXT, component, nullable, one_of, thing
from config.rest.views import ViewSet


class TokenSerializer(Serializer):
    name = fields.Text(Token._meta.get_field("name"))
    scope = fields.Choice(Token.Scope.values, default=Token.Scope.READ)
    days = fields.Whole(default=Token.DAYS, schema={"minimum": 1, "maximum": Token.MOST_DAYS})


def token_data(token):
    return {
        "id": token.handle,
        "name": token.name,
        "scope": token.scope,
        "created_on": token.created.date().isoformat(),
        "expires_on": token.expiry.date().isoformat() if token.expiry else None,
    }


@component("Token")
def token_shape():
    return thing(**token_properties())


@component("TokenMade")
def token_made_shape():
    return thing(**token_properties(), token=nullable(TEXT))


def token_properties():
    scope = one_of(Token.Scope.values)
    return {"id": TEXT, "name": TEXT, "scope": scope, "created_on": DAY, "expires_on": nullable(DAY)}


class TokenViewSet(ViewSet):
    """My tokens. The key itself is shown once, when it is made."""

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = TokenSerializer
    shape = token_shape
    lookup_field = "handle"
    lookup_value_regex = "[0-9a-f]{16}"
    lookup_description = "The token's id."

    def get_queryset(self):
        return Token.objects.of(self.request.user)

    def list(self, request):
        """Read my tokens, without their keys."""
        return answer_all([token_data(token) for token in self.get_queryset()])

    @describes(takes=TokenSerializer, answers=token_made_shape, code=201)
    def create(self, request):
        """Make a token and read its key, this once."""

        def create():
            token, key = Token.issue(by=request.user, **self.read_body())
            return Response(token_data(token) | {"token": key}, status=status.HTTP_201_CREATED)

        return once(request, create, keep=lambda data: data | {"token": None})

    @describes(code=204)
    def destroy(self, request, handle):
        """Revoke a token at once."""
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
