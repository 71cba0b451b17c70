"""What waits for a member, for programs."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.authentication import ScopeAllows
from accounts.models import Notification
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import CURSOR, answer_page
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, DAY, TEXT, TRUTH, WHOLE, component, many, nullable, one_of, thing
from config.rest.views import ViewSet
from experiences.search.pagination import keyset_page
from practices.inbox.choices import WAYS, choose, chosen
from practices.inbox.sentences import with_sentences

AT_ONCE = 25
KINDS = one_of(Notification.Kind.values)


class Kinds(serializers.Field):
    """The kinds that come one way; no other does."""

    shape = many(KINDS)

    def to_internal_value(self, data):
        given = fields.strings(data)
        for kind in given:
            if kind not in Notification.Kind.values:
                raise fields.not_on_list(kind, Notification.Kind.values)
        return given


class NotificationChoicesSerializer(Serializer):
    site = Kinds()
    mail = Kinds()
    example = {"site": ["returned", "published", "cited"], "mail": ["returned"]}


@component("Notification")
def notification_shape():
    return thing(
        id=TEXT, url=ADDRESS, kind=KINDS, text=TEXT, about_url=nullable(ADDRESS), told_on=DAY, read=TRUTH
    )


@component("NotificationChoices")
def choices_shape():
    return thing(site=many(KINDS), mail=many(KINDS))


@component("NotificationsRead")
def read_shape():
    return thing(read=WHOLE)


class NotificationViewSet(ViewSet):
    """What I was told, which nobody else reads.

    `text` is made when it is read, in the language that is asked for: it names nothing that I may not read
    any more. `about_url` is the page that it is about.
    """

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = Serializer
    shape = notification_shape
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-f]{16}"
    lookup_description = "The id of the notification: 16 characters."

    def get_queryset(self):
        return Notification.objects.visible_to(self.request.user)

    @describes(parameters={"unread": "1: only those that I have not read.", "cursor": CURSOR})
    def list(self, request):
        """Read what I was told, the newest first."""
        rows = self.get_queryset()
        if self.asks_for_unread(request.query_params.get("unread", "")):
            rows = rows.unread()
        page = keyset_page(rows, ["-id"], request.query_params.get("cursor", ""), AT_ONCE)
        page.count = rows.count()
        told = with_sentences(page.rows, request.user)
        return answer_page(request, page, [notification_data(row, request) for row in told])

    @staticmethod
    def asks_for_unread(value):
        if value not in ("", "0", "1"):
            raise ValidationError({"unread": _("Choose among: %(allowed)s.") % {"allowed": "0, 1"}})
        return value == "1"

    def retrieve(self, request, public_id):
        """Read a notification; that alone does not mark it as read."""
        return Response(self.data_of(self.get_object()))

    def data_of(self, row):
        (row,) = with_sentences([row], self.request.user)
        return notification_data(row, self.request)

    @action(detail=True, methods=["post"])
    @describes()
    def read(self, request, public_id):
        """Mark a notification as read."""
        self.refuse_body()
        row = self.get_object()
        row.open(by=request.user)
        return self.answer_with(row)

    @action(detail=False, methods=["post"], url_path="read", url_name="read-all")
    @describes(answers=read_shape)
    def read_all(self, request):
        """Mark all my notifications as read; `read` says how many were not."""
        self.refuse_body()
        return Response({"read": Notification.objects.mark_read(by=request.user)})

    @action(detail=False)
    @describes(answers=choices_shape)
    def choices(self, request):
        """Read which kinds reach me, on the site and by e-mail."""
        return Response(choices_data(request.user))

    @choices.mapping.put
    @describes(takes=NotificationChoicesSerializer, answers=choices_shape)
    def choose(self, request):
        """Choose which kinds reach me, on the site and by e-mail."""
        choose(request.user, **self.read_body())
        return Response(choices_data(request.user))


def choices_data(member):
    now = chosen(member)
    return {way: [str(kind) for kind in now[way]] for way in WAYS}


def notification_data(row, request):
    sentence = row.sentence
    return {
        "id": row.public_id,
        "url": reverse("api-notification-detail", args=[row.public_id], request=request),
        "kind": row.kind,
        "text": sentence.text,
        "about_url": request.build_absolute_uri(sentence.url) if sentence.url else None,
        "told_on": row.at.date().isoformat(),
        "read": row.is_read,
    }
