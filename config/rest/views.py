"""What we add to Django REST framework: a serializer that obeys the model, and careful answers.

The model is the rule. A serializer checks the type of each JSON value and names what it does not
know; everything else is judged by the model's own `full_clean()`, so that the API refuses what the
form refuses, in the same words.
"""

import copy
import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.models import Receipt
from config.rest.fields import Choice, DayField, MonthField, Text, Truth, Whole
from config.rest.problems import KeyReused, PreconditionRequired, Stale, as_details
from config.text import validate_storable
from experiences.models.fields import Month

# --- Serializers ---------------------------------------------------------------------------------


class KnownFields:
    """Refuse body fields that are not listed; the read-only ones are passed over.

    So what GET answered can be sent back by PUT, and a misspelt field is never lost in silence.
    """

    def to_internal_value(self, data):
        errors = {}
        if isinstance(data, dict):
            errors = {
                str(name)[:60]: [
                    exceptions.ErrorDetail(
                        _("There is no field “%(name)s” here.") % {"name": str(name)[:60]}, "unknown"
                    )
                ]
                for name in data
                if name not in self.fields
            }
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            errors |= self.keyed_like_the_form(refusal.detail)
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def keyed_like_the_form(self, errors):
        """Return `errors` with those of nested values under the names the form has for them."""
        keyed = {}
        for name, detail in errors.items():
            keyed |= detail if isinstance(detail, dict) else {name: detail}
        return keyed


class Serializer(KnownFields, serializers.Serializer):
    """What a verb takes: types are checked here, the verb judges the values."""


class ModelSerializer(KnownFields, serializers.ModelSerializer):
    """A serializer that judges by the model: `full_clean()` on a copy, then `write(by=)`.

    A copy, so that a refused request leaves the instance alone.
    """

    unseen = ()  # Columns that the verb fills, not the request.
    parts_class = None  # What `obj.parts` takes; its fields are those not on columns.
    parts_fields = ()

    def build_standard_field(self, field_name, model_field):
        kwargs = {"required": False, "allow_null": model_field.null}
        if isinstance(model_field, Month):
            return MonthField, kwargs | {"column": model_field}
        if isinstance(model_field, models.DateField):
            return DayField, kwargs | {"column": model_field}
        if model_field.choices:
            values = [value for value, _label in model_field.flatchoices]
            return Choice, kwargs | {"choices": values, "blank": model_field.blank}
        if isinstance(model_field, models.BooleanField):
            return Truth, kwargs
        if isinstance(model_field, models.IntegerField):
            return Whole, kwargs
        return Text, kwargs

    def get_validators(self):
        return []  # Uniqueness is judged by full_clean(), like everything else.

    def validate(self, attrs):
        candidate = copy.copy(self.instance) if self.instance else self.Meta.model()
        try:
            self.fill(candidate, attrs).full_clean(exclude=self.unseen)
        except ValidationError as refusal:
            raise serializers.ValidationError(as_details(refusal)) from None
        return attrs

    def fill(self, row, attrs):
        """Put the given values on `row`: columns, and parts beside them."""
        parts = {}
        for name, value in attrs.items():
            if name in self.parts_fields:
                parts[name] = value
            else:
                setattr(row, name, value)
        if self.parts_class:
            row.parts = self.parts_class(**parts)
        return row

    def save(self, *, by, **columns):
        """Write what was validated, by the model's own verb; `columns` come from the door itself."""
        row = self.instance or self.Meta.model()
        self.fill(row, {**self.validated_data, **columns})
        self.instance = row.write(by=by)
        return self.instance


# --- Permissions ---------------------------------------------------------------------------------


class ReadOrEdit(BasePermission):
    """Who may see it was settled by visible_to(); who changes the words, by the object itself."""

    def has_object_permission(self, request, view, obj):
        return request.method in SAFE_METHODS or obj.can_be_edited_by(request.user)


# --- Views ---------------------------------------------------------------------------------------


class ViewSet(viewsets.GenericViewSet):
    """A view that refuses unknown parameters, and says of each answer how long it holds and for whom."""

    metadata_class = None
    pagination_class = None
    filter_backends = ()
    finder = None  # A list's reading of its own parameters.
    params = {}  # Query parameters by action, where there is no finder.

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not (self.finder and self.action == "list"):
            refuse_unknown_params(request, self.params.get(self.action, ()))

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        declare(request, response)
        return response

    def to_change(self):
        """Return the row, if the asker may edit it and read it as it is now."""
        row = self.get_object()
        require_match(self.request, row_version(row))
        return row

    def to_act_on(self):
        """Return the row for a verb, which checks by itself; a version is heeded when one is sent."""
        row = self.get_object()
        require_match(self.request, row_version(row), optional=True)
        return row

    def made(self):
        """Write what the body describes, and answer with it."""
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return self.answer(serializer.save(by=self.request.user), status.HTTP_201_CREATED)

    def changed(self, partial):
        """Change the row as the body says, and answer with it; `partial`: what is left out stays."""
        serializer = self.get_serializer(self.to_change(), data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return self.answer(serializer.save(by=self.request.user))

    def answer(self, row, code=status.HTTP_200_OK):
        """Answer with `row` as it is read now."""
        row = self.get_queryset().get(pk=row.pk)
        data = self.get_serializer(row).data
        headers = {"Location": data["url"]} if code == status.HTTP_201_CREATED else None
        return Response(data, status=code, headers=headers)

    def given(self, serializer_class, row=None):
        """Return what the body says (about `row`), its types checked and unknown fields refused."""
        context = self.get_serializer_context()
        serializer = serializer_class(row, data=self.request.data, context=context)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def nothing_given(self):
        """Refuse a body where none is expected."""
        self.given(Serializer)


def refuse_unknown_params(request, known=()):
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        text = _("There is no parameter “%(name)s” here.")
        raise ValidationError({name[:60]: text % {"name": name[:60]} for name in unknown})


def row_version(row):
    """Return the number that changes with every edit of `row`."""
    return getattr(row, "version", None) or row.edit_version


def require_match(request, version, optional=False):
    """Hold the request to the version its sender read: 428 when not told, 412 when stale.

    A version is told as `"3"`, or as the whole ETag that a read gave (`"3.…"`).
    """
    header = request.headers.get("If-Match", "").strip()
    if not header and optional:
        return
    if not header:
        raise PreconditionRequired
    tags = parse_etags(header) or [header]
    read = [tag.removeprefix("W/").strip('"').split(".")[0] for tag in tags]
    if "*" not in read and str(version) not in read:
        raise Stale


def declare(request, response):
    """Add ETag (304 when the asker has it), cache and cross-origin headers to an answer."""
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    # The private name: the public one would try again, and raise again, what was refused.
    anonymous = not getattr(request, "_authenticator", None)
    reading = request.method in SAFE_METHODS
    if reading and anonymous:
        # Only what everybody may read anyway: nothing of a signed-in person can be had this way.
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if not 200 <= response.status_code < 300 or getattr(response, "data", None) is None:
        return
    response.render()  # Once: its tag is of these bytes, and they are sent.
    response["ETag"] = tag = etag(request, response)
    if not reading:
        return
    response["Cache-Control"] = "public, max-age=0, must-revalidate" if anonymous else "private, no-cache"
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or tag in [one.removeprefix("W/") for one in known]:
        response.status_code, response.data = status.HTTP_304_NOT_MODIFIED, None
        response.content = b""
        del response["Content-Type"]


def etag(request, response):
    """Return a tag of what is answered and who asks; it begins with the version, if there is one."""
    who = request.user.pk if request.user and request.user.is_authenticated else ""
    digest = hashlib.sha256(f"{who}\n".encode() + response.content).hexdigest()[:24]
    data = response.data
    version = data.get("edit_version") or data.get("version") if isinstance(data, dict) else None
    return f'"{version}.{digest}"' if version else f'"{digest}"'


def answer_page(request, page, results, finder=None):
    """Return the envelope of every list."""
    body = {
        "next": page_address(request, page.next),
        "previous": page_address(request, page.previous),
        "count": page.count,
        "count_is_exact": getattr(page, "count_is_exact", True),
    }
    if finder is not None and finder.query.loose:
        body["words"] = "some"  # Few or none have all the words that were asked for.
    if finder is not None and finder.wants_facets:
        body["facets"] = finder.facet_counts()
    return Response(body | {"results": results})


def page_address(request, cursor):
    if not cursor:
        return None
    params = request.query_params.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


def answer_all(results):
    """Return the envelope of a list that is short enough to be given whole."""
    return Response(
        {
            "next": None,
            "previous": None,
            "count": len(results),
            "count_is_exact": True,
            "results": results,
        }
    )


# --- Once only -----------------------------------------------------------------------------------


def idempotency(request):
    """Return (key, digest) of a request that creates; the key is "" when none was sent."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return "", ""
    try:
        validate_storable(key)
    except ValidationError:
        key = ""
    if not key or len(key) > 64 or not key.isascii() or not key.isprintable():
        text = _("An Idempotency-Key has 1 to 64 printable ASCII characters.")
        raise serializers.ValidationError({"Idempotency-Key": [text]})
    body = json.dumps(request.data, sort_keys=True)
    return key, hashlib.sha256(f"{request.path}\n{body}".encode()).hexdigest()


def once(request, create, keep=None):
    """Answer `create()`, or what it answered when this Idempotency-Key was first sent.

    `keep(data)` returns what may be kept of the answer. The receipt and what is created are one
    transaction: a request that failed leaves its key free.
    """
    key, digest = idempotency(request)
    if not key:
        return create()
    with transaction.atomic():
        receipt, fresh = Receipt.objects.get_or_create(
            member=request.user, key=key, defaults={"digest": digest}
        )
        if fresh:
            Receipt.objects.forget_old(request.user)
            response = create()
            data = keep(response.data) if keep else response.data
            receipt.status = response.status_code
            receipt.answer = json.loads(JSONRenderer().render(data))
            receipt.save(update_fields=["status", "answer"])
            return response
    if receipt.digest != digest:
        raise KeyReused
    return Response(receipt.answer, status=receipt.status)
