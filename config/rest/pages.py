"""The envelope of every list, and its shape."""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.response import Response

from config.rest.shapes import ADDRESS, TRUTH, WHOLE, Component, component, many, nullable, thing
from config.text import whole_number

CURSOR = "Where to go on: from “next” or “previous”."
WORDS = {
    "type": "string",
    "enum": ["some"],
    "description": "Given when none has all the words of ?q=: those with most of what matters come first.",
}
SPELLED = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "Given when nothing has a word of ?q=: each, and the one looked for in its place.",
}


class NumberedPage:
    """A page of a list that is turned by its number, as the envelope takes it: its cursor is that number."""

    def __init__(self, number, more, count):
        self.next = str(number + 1) if more else ""
        self.previous = str(number - 1) if number > 1 else ""
        self.count = count


def page_number(cursor):
    """Return the number that the cursor of a NumberedPage tells; refuse any other."""
    number = whole_number(cursor or "1", most_digits=4)
    if not number:
        raise ValidationError({"cursor": _("This is not a place in the list.")})
    return number


def answer_page(request, page, results, filterset=None):
    """Return the envelope of every list."""
    body = {
        "next": page_address(request, page.next),
        "previous": page_address(request, page.previous),
        "count": page.count,
        "count_is_exact": getattr(page, "count_is_exact", True),
    }
    if filterset is not None and filterset.lacks_words:
        body["words"] = "some"
    if filterset is not None and filterset.spelled:
        body["spelled"] = filterset.spelled
    if filterset is not None and filterset.wants_facets:
        body["facets"] = filterset.facet_counts()
    return Response(body | {"results": results})


def page_address(request, cursor):
    if not cursor:
        return None
    params = request.query_params.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


def answer_all(results):
    """Return the envelope of a list that is short enough to be given whole."""
    return Response(
        {
            "next": None,
            "previous": None,
            "count": len(results),
            "count_is_exact": True,
            "results": results,
        }
    )


@component("Facets")
def facets_shape():
    return {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": WHOLE},
    }


def page_shape(item, name="", searched=False):
    """Return the shape of a list of `item`; `searched`: of one that is read by a filterset."""
    return Component(name or f"{item.name.removesuffix('Item')}List", partial(envelope, item, searched))


def envelope(item, searched):
    shape = thing(
        next=nullable(ADDRESS),
        previous=nullable(ADDRESS),
        count=WHOLE,
        count_is_exact=TRUTH,
        results=many(item),
    )
    if searched:
        shape["properties"] |= {"facets": facets_shape, "words": WORDS, "spelled": SPELLED}
    return shape
