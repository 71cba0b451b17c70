"""What was public until a moderator took it down: its address says so, and no word of it."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _


class TakenDown(Http404):
    """Nothing is to be read here any more; that there was something was public, and is no secret.

    The status is that of a withdrawn report, 404.
    """

    template = "taken_down.html"
    sentence = _("A moderator took down what could be read at this address.")
