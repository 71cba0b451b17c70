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

from config.rest.conditional import circumstances, is_known, names_a_tag

# What a page says does not depend on these: the one is of who is signed in, the other told by its secret.
COOKIES_ASIDE = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
# What {% csrf_token %} writes, and what stands for the token, which is each visitor's own, while it is kept.
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+')
NO_TOKEN = secrets.token_hex(16).encode()


def conditional_page(request, validator, make):
    """Return the answer to who asks for a page: to a visitor who has its latest state, 304; to another, the
    page as this process kept it, if it is of that state; else the page that `make()` makes.

    What `validator()` returns, the state of the page, is another whenever what is stored of it is; None where
    that cannot be told. It is not asked where neither the visitor nor this process can have the page: make()
    returns (the page, a state that it is no older than, or None).
    """
    if not is_alike_for_all(request):
        return make()[0]
    key = page_key(request)  # Once: the day may end meanwhile.
    cached = caches["pages"].get(key)
    if cached or names_a_tag(request):
        answer = answer_without_making(request, key, validator(), cached)
        if answer is not None:
            return answer
    page, state = make()
    if state is not None and page.status_code == 200 and is_alike_for_all(request):
        if not page.cookies:
            content = TOKEN.sub(NO_TOKEN, page.content)
            caches["pages"].set(key, KeptPage(state, content, dict(page.headers)))
        with_tag(request, page, key, state)
    return page


def conditional_detail(request, validator, make):
    """Do so where `make()` makes the page alone: its state is asked before."""
    if not is_alike_for_all(request):
        return make()
    state = cache(validator)

    def make_after_state():
        before = state()
        return make(), before

    return conditional_page(request, state, make_after_state)


def answer_without_making(request, key, state, cached):
    """Return the answer to who asks for a page in this `state`, of which the KeptPage `cached` may be there:
    304, or that; None where it must be made.
    """
    if state is None:
        return None
    if is_known(request, tag_of_page(request, key, state)):
        return with_tag(request, HttpResponseNotModified(), key, state)
    if cached and cached.state == state:
        return with_tag(request, with_own_token(request, cached), key, state)
    return None


class KeptPage(NamedTuple):
    state: object
    content: bytes
    headers: dict


def with_own_token(request, page):
    """Return a kept page as an answer, with the visitor's own token in its forms."""
    content = page.content
    if NO_TOKEN in content:
        content = content.replace(NO_TOKEN, get_token(request).encode())
    return HttpResponse(content, headers=page.headers)


def is_alike_for_all(request):
    """Whether visitors get this page alike, but for what their cookies choose: nothing is said but once, and
    nobody is changing the templates.
    """
    asks = request.method in ("GET", "HEAD") and not request.user.is_authenticated
    return asks and not len(get_messages(request)) and not settings.DEBUG


def with_tag(request, response, key, state):
    """Return `response` with its tag: of the token that its forms have by now, if it has forms."""
    response["ETag"] = tag_of_page(request, key, state)
    response["Cache-Control"] = "private, no-cache"
    return response


def page_key(request):
    """Return what is the same for all who ask for the same page, in whatever state it is."""
    chosen = {name: value for name, value in request.COOKIES.items() if name not in COOKIES_ASIDE}
    said = (*circumstances(), request.build_absolute_uri(), sorted(chosen.items()))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def tag_of_page(request, key, state):
    """Return the tag of a page in a state, with the visitor's own token in its forms."""
    said = f"{key} {state} {request.META.get('CSRF_COOKIE', '')}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:24]}"'
