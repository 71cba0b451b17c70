"""What every answer goes through."""

from http import HTTPStatus

from django.shortcuts import render


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
