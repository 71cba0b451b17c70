"""Oneself, for programs."""

from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.models import Token, User
from config.rest import fields
from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, SLUGS, TEXT, WHOLE, component, one_of, properties_of, thing
from config.rest.views import ViewSet


class NoticesSerializer(Serializer):
    notices = fields.Choice(User.Notices.values)


@component("Me")
def me_shape():
    return thing(
        name=TEXT,
        language=TEXT,
        **properties_of(NoticesSerializer),
        unread=WHOLE,
        roles=SLUGS,
        scope=one_of(Token.Scope.values),
        data=ADDRESS,
        experiences=ADDRESS,
        situation=ADDRESS,
    )


class MeViewSet(ViewSet):
    """Whose token this is, and what it allows."""

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = Serializer
    shape = me_shape

    @describes(answers=me_shape)
    def list(self, request):
        """Read who I am to this service."""
        return Response(
            {
                "name": request.user.display_name,
                "language": request.user.language,
                "notices": request.user.notices,
                "unread": request.user.unread,
                "roles": list(request.user.groups.order_by("name").values_list("name", flat=True)),
                "scope": request.auth.scope if request.auth else "write",
                "data": request.build_absolute_uri(reverse("api-me-data-list")),
                "experiences": request.build_absolute_uri(reverse("api-mine-experiences")),
                "situation": request.build_absolute_uri(reverse("api-mine-situation")),
            }
        )

    @action(detail=False, methods=["put"])
    @describes(takes=NoticesSerializer)
    def notices(self, request):
        """Choose which e-mails about reports and practices I receive; of one kind: notifications/choices/."""
        request.user.choose_notices(self.read_body()["notices"])
        request.user.save(update_fields=["notices", "notification_choices"])
        return self.list(request)
