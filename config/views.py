"""Pages that belong to no app: errors, health and robots."""

import secrets
import sys
import time

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.limits import RateLimitCache
from config.rest.problems import problem_response

# How long what /readyz found holds, so that whoever asks for it a thousand times writes but once.
READY_SECONDS = 5
_ready_until = 0.0


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
    """A write that needs space is possible: one is made, by each process once in READY_SECONDS."""
    global _ready_until
    if time.monotonic() >= _ready_until:
        try:
            # What no database can make smaller, so that a full disk is met.
            RateLimitCache("", {}).set("readyz", secrets.token_hex(16 * 1024), timeout=60)
        except Error:
            return HttpResponse("unavailable\n", status=503, content_type="text/plain")
        _ready_until = time.monotonic() + READY_SECONDS
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request):
    """Open what readers read; keep crawlers out of what members do."""
    lines = ["User-agent: *", "Disallow: /accounts/", "Disallow: /admin/", "Disallow: /situation/"]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
