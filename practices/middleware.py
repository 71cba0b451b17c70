"""What every answer about practices goes through."""

import re
from http import HTTPStatus

from django.http import HttpResponseRedirect

from practices.models import OldAddress

ADDRESS = re.compile(
    r"(?P<before>(?:/api/v1)?/practices/)(?P<slug>[-a-zA-Z0-9_]{1,80})(?P<rest>[/.].*)", re.DOTALL
)


# What the answer says of who may read it, and of what it depends on.
PASSED_ON = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary")


class Moved(HttpResponseRedirect):
    """What was here is elsewhere for good; the method and the body go there too."""

    status_code = HTTPStatus.PERMANENT_REDIRECT


def old_addresses(get_response):
    """Lead from an address that a practice had before to the same page of it."""

    def middleware(request):
        response = get_response(request)
        found = response.status_code == HTTPStatus.NOT_FOUND and ADDRESS.fullmatch(request.path)
        if not found:
            return response
        old = OldAddress.objects.filter(slug=found["slug"]).select_related("practice").first()
        if old is None or old.practice.current_id is None:
            return response
        # As it was sent: what is quoted in it stays so.
        rest = request.get_full_path()[found.end("slug") :]
        moved = Moved(f"{found['before']}{old.practice.slug}{rest}")
        for name in PASSED_ON:
            if name in response:
                moved[name] = response[name]
        return moved

    return middleware
