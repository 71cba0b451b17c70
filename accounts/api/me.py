"""Oneself, for programs."""

from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.models import TermsAcceptance, Token, User, current_site
from accounts.models.site_texts import has_terms_to_accept
from config.rest import fields
from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import (
    ADDRESS,
    DAY,
    SLUGS,
    TEXT,
    TRUTH,
    WHOLE,
    component,
    nullable,
    one_of,
    properties_of,
    thing,
)
from config.rest.views import ViewSet


class NoticesSerializer(Serializer):
    notices = fields.Choice(User.Notices.values)


class TermsSerializer(Serializer):
    version = fields.Whole(schema={"minimum": 1})


@component("Terms")
def terms_shape():
    facts = {"version": WHOLE, "published_on": DAY, "html_url": ADDRESS, "accepted": TRUTH}
    return thing(**facts, accepted_version=nullable(WHOLE), accepted_on=nullable(DAY))


@component("Me")
def me_shape():
    return thing(
        name=TEXT,
        language=TEXT,
        **properties_of(NoticesSerializer),
        unread=WHOLE,
        roles=SLUGS,
        terms=terms_shape,
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
                "terms": terms_of(request),
                "scope": request.auth.scope if request.auth else "write",
                "data": request.build_absolute_uri(reverse("api-me-data-list")),
                "experiences": request.build_absolute_uri(reverse("api-mine-experiences")),
                "situation": request.build_absolute_uri(reverse("api-mine-situation")),
            }
        )

    @action(detail=False, methods=["post"])
    @describes(takes=TermsSerializer)
    def terms(self, request):
        """Accept the terms of use, of the version that I read: it must be the one in force."""
        TermsAcceptance.record(by=request.user, number=self.read_body()["version"])
        return self.list(request)

    @action(detail=False, methods=["put"])
    @describes(takes=NoticesSerializer)
    def notices(self, request):
        """Choose which e-mails about reports and practices I receive; of one kind: notifications/choices/."""
        request.user.choose_notices(self.read_body()["notices"])
        request.user.save(update_fields=["notices", "notification_choices"])
        return self.list(request)


def terms_of(request):
    """Return which terms are in force, and which of them the member accepted last."""
    site, member = current_site(), request.user
    accepted = TermsAcceptance.objects.filter(member=member).select_related("text")
    last = accepted.order_by("-text__number").first()
    return {
        "version": site.terms_number,
        "published_on": site.terms_on.isoformat(),
        "html_url": request.build_absolute_uri(
            reverse("site-text-version", args=["terms", site.terms_number])
        ),
        "accepted": not has_terms_to_accept(member),
        "accepted_version": last and last.text.number,
        "accepted_on": last and last.accepted_at.date().isoformat(),
    }
