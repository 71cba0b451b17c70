"""Errors of the API as RFC 9457 `application/problem+json`."""

from http import HTTPStatus

from django.http import JsonResponse
from django.utils.translation import gettext as _


def problem_response(status, detail=""):
    """Return a problem document for an error outside any API view."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or _("There is nothing at this address."),
        "errors": [],
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
