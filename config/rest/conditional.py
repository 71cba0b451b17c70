"""Conditional requests: the version a sender read (If-Match), and answers told apart by their ETag."""

import hashlib

from django.http import HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from config.release import release
from config.rest.problems import PreconditionRequired, Stale

FOR_ALL = "public, max-age=0, must-revalidate"


def row_version(row):
    """Return the number that changes with every edit of `row`."""
    return getattr(row, "version", None) or row.edit_version


def require_match(request, version, optional=False):
    """Hold the request to the version its sender read: 428 when not told, 412 when stale.

    A version is told as `"3"`, or as the whole ETag that a read gave (`"3.…"`).
    """
    header = request.headers.get("If-Match", "").strip()
    if not header and optional:
        return
    if not header:
        raise PreconditionRequired
    tags = parse_etags(header) or [header]
    read = [tag.removeprefix("W/").strip('"').split(".")[0] for tag in tags]
    if "*" not in read and str(version) not in read:
        raise Stale


def declare(request, response):
    """Add ETag (304 when the asker has it), cache and cross-origin headers to an answer."""
    # The private name: the public one would try again, and raise again, what was refused.
    anonymous = not getattr(request, "_authenticator", None)
    reading = request.method in SAFE_METHODS
    say_who_may_read(response, by_all=reading and anonymous)
    if not 200 <= response.status_code < 300 or getattr(response, "data", None) is None:
        return
    if "ETag" not in response:
        response.render()  # Once: its tag is of these bytes, and they are sent.
        response["ETag"] = etag(request, response)
    if not reading:
        return
    response["Cache-Control"] = FOR_ALL if anonymous else "private, no-cache"
    if is_known(request, response["ETag"]):
        response.status_code, response.data = status.HTTP_304_NOT_MODIFIED, None
        response.content = b""
        del response["Content-Type"]


def unchanged(request, tag):
    """Return what tells a visitor that the answer they have, with this `tag`, is the latest."""
    response = HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": FOR_ALL})
    say_who_may_read(response, by_all=True)
    return response


def say_who_may_read(response, by_all):
    """Say what an answer depends on; and of one that all may read, that pages of other sites may, too."""
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    if by_all:
        # Only what everybody may read anyway: nothing of a signed-in person can be had this way.
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"


def names_a_tag(request):
    """Whether the asker says which answer they have; “*” asks whether there is any."""
    return request.headers.get("If-None-Match", "").strip() not in ("", "*")


def is_known(request, tag):
    """Whether the asker has what `tag` tells of, as If-None-Match says."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag in [one.removeprefix("W/") for one in known]


def answer_unless_known(request, answer, validator=None, version=None):
    """Return what `answer()` makes, with the tag that `validator` tells; nothing but the tag to an asker who
    has it. Without a `validator`, the tag is told by what is answered.
    """
    if not validator:
        return answer()
    tag = tag_of(request, validator, version)
    response = Response({}) if is_known(request, tag) else answer()
    response["ETag"] = tag
    return response


def tag_of(request, validator, version=None):
    """Return the tag of an answer that is another whenever `validator` is; for this asker and address. It
    begins with the `version` of the row, if it is about one.
    """
    who = request.user.pk if request.user and request.user.is_authenticated else ""
    asked = request.build_absolute_uri(), request.headers.get("Accept", "")
    said = (*circumstances(), who, *asked, str(validator))
    return tagged(hashlib.sha256(repr(said).encode()), version)


def circumstances():
    """Return what an answer depends on beside what is stored and who asks: the release, the day, because
    answers tell how long ago something was, and the language.
    """
    return release(), timezone.localdate(), get_language()


def etag(request, response):
    """Return a tag of what is answered and who asks; it begins with the version, if there is one."""
    who = request.user.pk if request.user and request.user.is_authenticated else ""
    data = response.data
    version = data.get("edit_version") or data.get("version") if isinstance(data, dict) else None
    return tagged(hashlib.sha256(f"{who}\n".encode() + response.content), version)


def tagged(told, version):
    digest = told.hexdigest()[:24]
    return f'"{version}.{digest}"' if version else f'"{digest}"'
