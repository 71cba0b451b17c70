"""Everything about oneself, for programs."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import component, many, nullable, thing
from config.rest.views import ViewSet
from practices.own_data.data import as_data

LISTS = (
    "addresses", "second_steps", "connections", "invitations", "invitations_sent", "terms", "site_changes",
    "tokens", "mails", "answers", "administration", "reports", "flags", "questions", "acts", "trials",
    "practices", "searches", "notifications", "organisations", "dismissals",
)  # fmt: skip


@component("MyData")
def my_data_shape():
    """Each list has objects of columns by name."""
    known = {"type": "object"}
    made = {"made_at": {"type": "string", "format": "date-time"}}
    return thing(**made, profile=known, situation=nullable(known), **dict.fromkeys(LISTS, many(known)))


class OwnDataViewSet(ViewSet):
    """Everything the site knows about me.

    A token that may read is enough: it reads nothing but its member's own.
    """

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = Serializer
    tag = "me"

    @describes(answers=my_data_shape)
    def list(self, request):
        """Read everything the site knows about me, private fields included."""
        return Response(as_data(request.user))

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        # Not even to be asked for again: this is kept by whoever asked, and by nothing between.
        response["Cache-Control"] = "private, no-store"
        return response
