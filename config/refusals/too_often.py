"""What is answered to who does something too often in a time, on pages."""

import math

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext


class TooOften(ValidationError):
    """Something was done too often; it may be done again in `wait` seconds."""

    def __init__(self, wait):
        self.wait = max(1, math.ceil(wait))
        seconds, minutes = self.wait, math.ceil(self.wait / 60)
        if seconds < 60:
            when = ngettext(
                "This was done very often in a short time. Try again in %(n)d second.",
                "This was done very often in a short time. Try again in %(n)d seconds.",
                seconds,
            )
        else:
            when = ngettext(
                "This was done very often in a short time. Try again in %(n)d minute.",
                "This was done very often in a short time. Try again in %(n)d minutes.",
                minutes,
            )
        super().__init__(when % {"n": seconds if seconds < 60 else minutes}, code="too_often")


def too_often_page(request, refusal):
    """Say in words when it may be done again; what a form held is on the page."""
    sent = request.method == "POST"
    context = {"again": refusal.message, "words": request.POST if sent else None}
    context["back"] = page_of_the_form(request) if sent else request.get_full_path()
    return say_when(render(request, "429.html", context, status=429), refusal)


def page_of_the_form(request):
    """Return where the form was filled in: the address it is sent to may have nothing to read."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else request.path


def say_when(response, refusal):
    """Tell programs, too, when to come back."""
    if isinstance(refusal, TooOften):
        response["Retry-After"] = str(refusal.wait)
    return response
