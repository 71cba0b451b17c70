"""Views with careful answers: what is not known is refused, and each answer says for whom it holds."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import status, viewsets
from rest_framework.exceptions import MethodNotAllowed, ParseError
from rest_framework.response import Response

from config.rest.conditional import (
    declare,
    is_known,
    names_a_tag,
    require_match,
    row_version,
    tag_of,
    unchanged,
)
from config.rest.operations import operation_of
from config.rest.serializers import Serializer


class ViewSet(viewsets.GenericViewSet):
    """A view that refuses unknown parameters, and says of each answer how long it holds and for whom."""

    metadata_class = None
    pagination_class = None
    filter_backends = ()
    shape = None  # What its actions answer with, where they describe nothing else.
    tag = ""  # Under which word it is described, if not its own.
    lookup_description = ""

    def dispatch(self, request, *args, **kwargs):
        return self.answer_unchanged(request, **kwargs) or super().dispatch(request, *args, **kwargs)

    def answer_unchanged(self, request, **lookup):
        """Return the answer to a visitor who has what they read again, before anything else is done; None to
        anyone else. It counts as any other read.
        """
        if request.method not in ("GET", "HEAD") or not names_a_tag(request) or may_be_member(request):
            return None
        self.action = self.action_map.get(request.method.lower())
        state, version = self.public_state(**lookup) or (None, None)
        if state is None:
            return None
        tag = tag_of(request, state, version)
        if not is_known(request, tag):
            return None
        throttles = self.get_throttles()
        return unchanged(request, tag) if all(one.allow_request(request, self) for one in throttles) else None

    def public_state(self, **lookup):
        """Return what is another whenever the answer to a visitor's reading is, and the version of the row it
        is about, if there is one; None where no less than the answer tells that.
        """
        return None

    def initial(self, request, *args, **kwargs):
        if request.method not in self.allowed_methods:  # Whoever asks: before it matters who does.
            raise MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)
        known = operation_of(self).parameters
        # A filterset reads, and refuses, its own; a page of another site asks first at the whole address.
        if not callable(known) and request.method != "OPTIONS":
            refuse_unknown_params(request, known)

    @property
    def allowed_methods(self):
        """The methods that this address takes."""
        offered = [method.upper() for method in self.action_map]
        return [*offered, "OPTIONS"] if "GET" in offered else offered

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        declare(request, response)
        return response

    def options(self, request, *args, **kwargs):
        """Tell a page of another site, which asks before it reads, that anyone may read here."""
        response = Response(status=status.HTTP_204_NO_CONTENT)
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        response["Access-Control-Max-Age"] = "86400"  # seconds
        return response

    def get_object_to_edit(self):
        """Return the row, if the asker may edit it and read it as it is now."""
        row = self.get_object()
        require_match(self.request, self.version_of(row))
        return row

    def get_object_for_verb(self):
        """Return the row for a verb, which checks by itself; a version is heeded when one is sent."""
        row = self.get_object()
        require_match(self.request, self.version_of(row), optional=True)
        return row

    def version_of(self, row):
        """Return the number that changes with every edit of `row`."""
        return row_version(row)

    def create_and_answer(self):
        """Write what the body describes, and answer with it."""
        self.require_body()
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return self.answer_with(serializer.save(by=self.request.user), status.HTTP_201_CREATED)

    def update_and_answer(self, partial):
        """Change the row as the body says, and answer with it; `partial`: what is left out stays."""
        self.require_body()
        serializer = self.get_serializer(self.get_object_to_edit(), data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return self.answer_with(serializer.save(by=self.request.user))

    def answer_with(self, row, code=status.HTTP_200_OK):
        """Answer with `row` as it is read now; 204 where it is gone, or not theirs to read any more."""
        row = self.get_queryset().filter(pk=row.pk).first()
        if row is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        data = self.data_of(row)
        headers = {"Location": data["url"]} if code == status.HTTP_201_CREATED else None
        return Response(data, status=code, headers=headers)

    def data_of(self, row):
        """Return `row` as this view answers with it."""
        return self.get_serializer(row).data

    def require_body(self):
        """Refuse a request without a body: one that was lost on its way must empty nothing."""
        if not self.request.data and self.request.META.get("CONTENT_LENGTH") in (None, "", "0"):
            raise ParseError(_("The request has no body. Send “{}” to give nothing on purpose."))

    def read_body(self, row=None):
        """Return what the action takes (about `row`), types checked and unknown fields refused."""
        if self.request.method == "PUT":
            self.require_body()
        takes, context = operation_of(self).takes or Serializer, self.get_serializer_context()
        serializer = takes(row, data=self.request.data, context=context)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def refuse_body(self):
        """Refuse a body where none is expected."""
        Serializer(data=self.request.data, context=self.get_serializer_context()).is_valid(
            raise_exception=True
        )


def may_be_member(request):
    """Whether a member may be asking: with a token, or with the cookie of who signed in."""
    return "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES


def refuse_unknown_params(request, known=()):
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        text = _("There is no parameter “%(name)s” here.")
        raise ValidationError({name[:60]: text % {"name": name[:60]} for name in unknown})
