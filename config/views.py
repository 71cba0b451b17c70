"""Pages that belong to no app: errors, health and robots."""

import sys

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.rest.problems import problem_response


def bad_request(request, exception):
    return _error(request, 400)


def permission_denied(request, exception):
    return _error(request, 403)


def csrf_failure(request, reason=""):
    return _error(request, 403, "403_csrf.html")


def not_found(request, exception):
    return _error(request, 404, getattr(exception, "template", None))


def server_error(request):
    """Answer 503, to be tried again, when the database is out of reach; else 500."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _error(request, 503)
        response["Retry-After"] = "10"
        return response
    return _error(request, 500)


def _error(request, status, template=None):
    if request.path.startswith("/api/"):
        return problem_response(status)
    return render(request, template or f"{status}.html", status=status)


@require_safe
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request):
    """A write is possible: tried in a transaction that is rolled back."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session WHERE session_key = ''")
    except Error:
        return HttpResponse("unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request):
    """Open what readers read; keep crawlers out of what members do."""
    lines = ["User-agent: *", "Disallow: /accounts/", "Disallow: /admin/", "Disallow: /situation/"]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
