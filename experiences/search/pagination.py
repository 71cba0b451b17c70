"""Keyset pages: a cursor says after (or before) which row to go on, never how many to skip."""

import base64
import binascii
import json
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_LARGEST = 2**63 - 1
EDGE = 3  # rows at the end of a page that a cursor by relevance names: some may be gone


@dataclass
class Page:
    """One page of a list: `rows`, the cursors around it, and how many rows there are in all."""

    rows: list = field(default_factory=list)
    next: str | None = None
    previous: str | None = None
    count: int = 0
    count_is_exact: bool = True


def encode(direction, key):
    """Return a cursor: `direction` is "after" or "before", `key` a list of whole numbers."""
    return base64.urlsafe_b64encode(json.dumps([direction, *key]).encode()).decode().rstrip("=")


def decode(cursor, length):
    """Return (direction, key) with `length` numbers; raise ValidationError for anything else."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        direction, *key = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise bad_cursor() from None
    numbers = all(type(number) is int and 0 <= number <= _LARGEST for number in key)
    if direction not in ("after", "before") or len(key) != length or not numbers:
        raise bad_cursor()
    return direction, key


def bad_cursor():
    return ValidationError(
        {"cursor": _("This cursor is not one of ours. Start again from the first page.")}, code="invalid"
    )


def keyset_page(queryset, keys, cursor, size):
    """Return the Page of `queryset` after or before `cursor`.

    `keys` are column names, "-" before those that descend; together they are unique, and all
    descend or all ascend.
    """
    names = [key.lstrip("-") for key in keys]
    direction, at = decode(cursor, len(keys)) if cursor else ("after", None)
    backwards = direction == "before"
    if at:
        queryset = queryset.filter(_beyond(names, at, descending=keys[0].startswith("-") != backwards))
    ordered = queryset.order_by(*keys)
    rows = list((ordered.reverse() if backwards else ordered)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()

    def edge(row, way):
        return encode(way, [_value(row, name) for name in names])

    page = Page(rows)
    if rows and (more or backwards):
        page.next = edge(rows[-1], "after")
    if rows and at and (more or not backwards):
        page.previous = edge(rows[0], "before")
    return page


def ordered_page(columns, groups, order_keys, ascending, cursor, size):
    """Return the keys of the rows after or before `cursor`, and the Page around them, without its rows.

    `groups` are bits of `columns`: the rows of the first come first; each in order. `order_keys` are by
    place, None for those of the columns.
    """
    direction, at = decode(cursor, 2) if cursor else ("after", (0, None))
    if at[0] > 1:
        raise bad_cursor()
    # In an address that comes from one who reads with a language first, one who does not goes on as well.
    group, after = min(at[0], len(groups) - 1), at[1]
    backwards, found = direction == "before", []
    while 0 <= group < len(groups) and len(found) <= size:
        room, ascends = size + 1 - len(found), ascending != backwards
        places = columns.page(groups[group], room, after=after, ascending=ascends, by=order_keys)
        found += [(group, place) for place in places]
        group, after = group + (-1 if backwards else 1), None
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    page = Page()
    keys = columns.order_keys if order_keys is None else order_keys
    edges = [[group, int(keys[place])] for group, place in found]
    if found and (more or backwards):
        page.next = encode("after", edges[-1])
    if found and cursor and (more or not backwards):
        page.previous = encode("before", edges[0])
    return columns.keys[[place for _group, place in found]].tolist(), page


def scored_page(columns, bits, scores, cursor, size):
    """As ordered_page(), by descending `scores`, whole numbers by place; the newest first among equals."""
    direction, at = decode(cursor, 2) if cursor else ("after", None)
    backwards = direction == "before"
    places = columns.best(bits, size + 1, scores, after=at, ascending=backwards)
    more, places = len(places) > size, places[:size]
    if backwards:
        places.reverse()
    page = Page()
    edges = [[int(scores[place]), int(columns.order_keys[place])] for place in places]
    if places and (more or backwards):
        page.next = encode("after", edges[-1])
    if places and cursor and (more or not backwards):
        page.previous = encode("before", edges[0])
    return columns.keys[places].tolist(), page


def ranked_page(columns, ranked, cursor, size):
    """As ordered_page(), of rows whose order is known only as far as it is asked for.

    `ranked` is a function from a number to [(score, key)] of so many, the best first. A page goes on after
    the row that ended the one before, wherever that stands by now; where it is gone, after the one before it.
    """
    direction, (place, *edge) = decode(cursor, 1 + EDGE) if cursor else ("after", (0, *[0] * EDGE))
    most = 2 * size
    while True:
        found = ranked(most)
        order = [columns.order_key_of(key) for _score, key in found]
        whole = len(order) < most
        start = _start(order, place, edge, after=direction == "after")
        if whole or (start is not None and len(order) > start + size):
            break
        most *= 4
    start = min(place, len(order)) if start is None else start
    start, end = (max(0, start - size), start) if direction == "before" else (start, start + size)
    page, rows = Page(), order[start:end]
    if rows and end < len(order):
        page.next = encode("after", [end, *_edge(rows[::-1])])
    if rows and start:
        page.previous = encode("before", [start, *_edge(rows)])
    return [key for _score, key in found[start:end]], page


def _edge(order_keys):
    """Return the first of `order_keys`, as many as a cursor has."""
    return (order_keys + [0] * EDGE)[:EDGE]


def _start(order, place, edge, *, after):
    """Return where in `order` what comes after the rows `edge` begins, or what comes before them ends: by the
    first of them that is there; None if none is.
    """
    if not any(edge):
        return place
    return next((order.index(one) + after for one in edge if one in order), None)


def _beyond(names, at, descending):
    """Return the condition "comes after `at`" over several columns."""
    operator = "lt" if descending else "gt"
    condition, equal = Q(), Q()
    for name, value in zip(names, at, strict=True):
        condition |= equal & Q(**{f"{name}__{operator}": value})
        equal &= Q(**{name: value})
    return condition


def _value(row, name):
    for part in name.split("__"):
        row = getattr(row, part)
    return row
