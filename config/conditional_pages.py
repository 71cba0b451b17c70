"""Pages that are known before they are made: a visitor who has their latest state is not sent them again, and
another who asks alike gets them as this process made them last.

Those who are signed in get every page anew: what it says of their own work changes with it.
"""

import hashlib
import re
import secrets
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from config.rest.conditional import is_known

# What a page says does not depend on these: the one is of who is signed in, the other told by its secret.
COOKIES_ASIDE = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
# What {% csrf_token %} writes, and what stands for the token, which is each visitor's own, while it is kept.
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+')
NO_TOKEN = secrets.token_hex(16).encode()


def known_or_made(request, make, validator):
    """Return the page that `make()` makes, or what a visitor is answered without it being made.

    What `validator()` returns is another whenever what is stored of the page is; None where that cannot be
    told.
    """
    # Asked before the page is made: what is kept of a state is never older than it.
    state = validator() if is_alike_for_all(request) else None
    if state is None:
        return make()
    return known_answer(request, lambda: state) or kept(request, make(), state)


def known_answer(request, validator):
    """Return what a visitor is answered without the page being made: that they have its latest state, or it
    as it was kept; None where it must be made.

    What `validator()` returns is another whenever what is stored of the page is. It is not asked where
    neither the visitor nor this process can have the page.
    """
    if not is_alike_for_all(request):
        return None
    address = address_of(request)
    had = caches["pages"].get(address)
    if had is None and "If-None-Match" not in request.headers:
        return None
    state = validator()
    tag = tag_of_page(request, address, state)
    if is_known(request, tag):
        return declared(HttpResponseNotModified(), tag)
    return declared(filled(request, had), tag) if had and had.state == state else None


def kept(request, response, state):
    """Return `response`, a page, with the tag of the `state` that its validator told; keep it for who asks
    alike.
    """
    if response.status_code == 200 and is_alike_for_all(request):
        address = address_of(request)
        if not response.cookies:
            content = TOKEN.sub(NO_TOKEN, response.content)
            caches["pages"].set(address, KeptPage(state, content, dict(response.headers)))
        declared(response, tag_of_page(request, address, state))
    return response


class KeptPage(NamedTuple):
    state: object
    content: bytes
    headers: dict


def filled(request, page):
    """Return a kept page as an answer, with the visitor's own token in its forms."""
    content = page.content
    if NO_TOKEN in content:
        content = content.replace(NO_TOKEN, get_token(request).encode())
    return HttpResponse(content, headers=page.headers)


def is_alike_for_all(request):
    """Whether visitors get this page alike, but for what their cookies choose: nothing is said but once."""
    asks = request.method in ("GET", "HEAD") and not request.user.is_authenticated
    return asks and not len(get_messages(request))


def declared(response, tag):
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def address_of(request):
    """Return what is the same for all who ask for the same page, in whatever state it is."""
    chosen = {name: value for name, value in request.COOKIES.items() if name not in COOKIES_ASIDE}
    # The day, because pages tell how long ago something was.
    said = (
        build(),
        timezone.localdate(),
        request.build_absolute_uri(),
        get_language(),
        sorted(chosen.items()),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def tag_of_page(request, address, state):
    """Return the tag of a page in a state, with the visitor's own token in its forms."""
    said = f"{address} {state} {request.META.get('CSRF_COOKIE', '')}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'


@cache
def build():
    """Return a number that is another once any template or translation is."""
    written = (
        *settings.BASE_DIR.glob("templates/**/*.html"),
        *settings.BASE_DIR.glob("config/locale/**/*.mo"),
    )
    return max(path.stat().st_mtime_ns for path in written)
