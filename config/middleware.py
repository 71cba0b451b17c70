"""What every answer goes through."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.rest.problems import problem_response
from config.text import validate_storable


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
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page

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
        return refused_address(request, errors) if errors else get_response(request)

    return middleware


def refused_address(request, errors):
    """Answer 400: a problem document to programs, a page to people; `errors` are {parameter: refusal}."""
    if request.path.startswith("/api/"):
        lines = [
            {"field": name, "code": error.code, "message": str(error.message)}
            for name, error in errors.items()
        ]
        return problem_response(400, _("The request is not valid: see “errors”."), lines)
    sentences = {name: error.messages for name, error in errors.items()}
    context = {"errors": sentences, "whole": _("The page without this"), "url": request.path}
    return render(request, "browse/refused.html", context, status=400)
