"""What every answer goes through."""

from http import HTTPStatus

from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from config.http.refused_address import refused_address
from config.text import validate_storable

# What other sites add to addresses that lead here, beside utm_….
MARKS = ("fbclid", "gclid", "msclkid", "mc_cid", "mc_eid")
PAGE_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def policies(get_response):
    """Say what a page may load, and not use of a device, and that other sites may take in only what is
    public.
    """
    permissions = ", ".join(f"{name}=()" for name in settings.PERMISSIONS_OFF)
    # Once: no page has another, and django-csp's own middleware builds it for each answer.
    contents = build_policy()

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", contents)
        response.headers.setdefault("Permissions-Policy", permissions)
        is_open = "Access-Control-Allow-Origin" in response or "public" in response.get("Cache-Control", "")
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if is_open else "same-origin"
        )
        return response

    return middleware


class CompressedPages(GZipMiddleware):
    """Send pages compressed to browsers that take them so: a list is 85 kB plain and 16 so, which on a slow
    phone is two seconds.

    Pages alone. What programs read keeps its strong tag, which If-Match asks for. That lengths tell nothing
    of what stands in a page (BREACH), Django sees to: it masks its tokens and pads what it compresses at
    random.
    """

    def process_response(self, request, response):
        if response.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        return response


def private_unless_declared(get_response):
    """Keep answers out of shared caches unless the view said otherwise."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def refusals_in_words(get_response):
    """Show a page, not a blank, to who opens an address that only takes a form."""

    def middleware(request):
        if request.method in PAGE_METHODS or request.path.startswith("/api/"):
            response = get_response(request)
        else:  # TRACE, and whatever a sender makes up: some views would take it for GET.
            response = HttpResponseNotAllowed(PAGE_METHODS)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def plain_addresses(get_response):
    """Lead from an address of a page that others added their marks to (“utm_source”, “fbclid”) to the plain
    one: lists refuse what they do not know.
    """

    def middleware(request):
        if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
            return get_response(request)
        marks = [name for name in request.GET if name in MARKS or name.startswith("utm_")]
        if not marks:
            return get_response(request)
        plain = request.GET.copy()
        for name in marks:
            del plain[name]
        return redirect(f"{request.path}?{plain.urlencode()}" if plain else request.path)

    return middleware


def storable_parameters(get_response):
    """Refuse an address with a parameter that holds a NUL, which PostgreSQL cannot even look up."""

    def middleware(request):
        errors = {}
        for name, values in request.GET.lists():
            try:
                validate_storable(f"{name}{''.join(values)}")
            except ValidationError as error:
                errors[name[:60]] = error
        if not errors:
            return get_response(request)
        return refused_address(request, ValidationError(errors), _("The page without this"))

    return middleware
