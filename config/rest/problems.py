"""Errors of the API as RFC 9457 `application/problem+json`."""

import math
from http import HTTPStatus

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response

from config.refusals.taken_down import TakenDown
from config.rest.renderers import JSONRenderer
from config.rest.shapes import TEXT, WHOLE, component, many, thing

MEDIA_TYPE = "application/problem+json"


class Stale(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "stale"
    default_detail = gettext_lazy(
        "This was changed since you read it. Nothing was overwritten: read it again and send yours again."
    )


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = gettext_lazy("Send the version you read as “If-Match”, so that nothing is overwritten.")


class KeyReused(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "key_reused"
    default_detail = gettext_lazy("This Idempotency-Key was already used for another request.")


class SecondStepRequired(exceptions.APIException):
    """What someone holds a power for, which rests until they sign in with two steps (REQUIRE_MFA)."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "second_step_required"

    def __init__(self, request):
        address = request.build_absolute_uri(reverse("mfa_index"))
        sentence = _("Curators and moderators sign in with two steps here. Set up the second: %(address)s")
        super().__init__(sentence % {"address": address})


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = gettext_lazy("The request is too large.")


def problem(code, detail="", errors=()):
    """Return the body of a problem document."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": str(detail) or default_detail(code),
        "errors": list(errors),
    }


@component("Problem")
def problem_shape():
    error = thing(field=TEXT, code=TEXT, message=TEXT)
    schema = thing(type=TEXT, title=TEXT, status=WHOLE, detail=TEXT, errors=many(error))
    schema["examples"] = [
        {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "The request is not valid: see “errors”.",
            "errors": [
                {
                    "field": "verdict",
                    "code": "invalid_choice",
                    "message": "“great” is not one of the values. …",
                }
            ],
        }
    ]
    return schema


def default_detail(code):
    """Return the sentence for a status that nobody explained."""
    sentences = {
        400: _("The request is not valid."),
        403: _("You may not do this."),
        404: _("There is nothing at this address."),
        503: _("The service is not available for the moment. Try again in a few seconds."),
    }
    return sentences.get(code) or _("The request could not be answered.")


def problem_response(code, detail="", errors=()):
    """Return a problem document for an error outside any API view."""
    body = JSONRenderer().render(problem(code, detail, errors))  # The same bytes as a view's refusal.
    return HttpResponse(body, status=code, content_type=MEDIA_TYPE)


def refusal_response(refusal):
    """Return a problem document for what a model or an address refused (a ValidationError)."""
    return problem_response(400, invalid(), _flat(as_details(refusal)))


def invalid():
    return _("The request is not valid: see “errors”.")


def exception_handler(exc, context):
    """Answer what an API view raised; None (a bug, a lost database) goes on to Django."""
    exc = _as_api_exception(exc)
    if exc is None:
        return None
    must_set_up = getattr(context["request"].user, "must_set_up_second_step", False)
    if isinstance(exc, exceptions.PermissionDenied) and must_set_up:  # As 403.html says.
        exc = SecondStepRequired(context["request"])
    told = isinstance(exc, exceptions.ValidationError | SecondStepRequired)
    errors = list(_flat(exc.detail if isinstance(exc.detail, dict) else [exc.detail])) if told else []
    detail = invalid() if isinstance(exc, exceptions.ValidationError) else exc.detail
    response = Response(problem(exc.status_code, detail, errors), status=exc.status_code)
    response.content_type = MEDIA_TYPE
    for name, value in _headers(exc):
        response[name] = value
    return response


def _as_api_exception(exc):
    if isinstance(exc, TakenDown):
        return exceptions.NotFound(exc.sentence)
    if isinstance(exc, Http404):
        return exceptions.NotFound(default_detail(404))
    if isinstance(exc, exceptions.NotFound):
        return exceptions.NotFound(default_detail(404))
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(str(exc) or default_detail(403))
    if isinstance(exc, ValidationError) and getattr(exc, "code", None) == Stale.default_code:
        return Stale()  # A verb found that somebody else had written meanwhile.
    if isinstance(exc, ValidationError):
        return exceptions.ValidationError(as_details(exc))
    return exc if isinstance(exc, exceptions.APIException) else None


def as_details(refusal):
    """Return a model's ValidationError as {field: [ErrorDetail]}, the codes kept."""
    by_field = (
        refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    )
    return {
        field: [
            exceptions.ErrorDetail(message, code=error.code or "invalid")
            for error in errors
            for message in error.messages
        ]
        for field, errors in by_field.items()
    }


def _flat(detail):
    for path, error in each_error(detail):
        code = getattr(error, "code", "invalid")
        yield {"field": path or NON_FIELD_ERRORS, "code": code, "message": str(error)}


def each_error(detail, path="", first=0):
    """Yield (path, error) for each of the errors that are nested in `detail`; `first` numbers a list."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from each_error(value, f"{path}.{key}" if path else str(key), first)
    elif isinstance(detail, list):
        for number, value in enumerate(detail, first):
            nested = isinstance(value, dict | list)
            yield from each_error(value, f"{path}.{number}" if nested else path, first)
    else:
        yield path, detail


def _headers(exc):
    if getattr(exc, "auth_header", None):
        yield "WWW-Authenticate", exc.auth_header
    if getattr(exc, "wait", None) is not None:
        yield "Retry-After", str(math.ceil(exc.wait))
