"""Where to go on after a small form that may stand on any page."""

from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme


def next_address(request):
    """Return the address of this site that was given as `next`, or the home page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def with_params(address, **given):
    """Return `address` with each of these parameters in place of what it had; None takes one away."""
    parts = urlsplit(address)
    params = QueryDict(parts.query, mutable=True)
    for name, value in given.items():
        params.setlist(name, [] if value is None else [value])
    return parts._replace(query=params.urlencode()).geturl()
