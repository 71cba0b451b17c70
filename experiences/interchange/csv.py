"""CSV: a report on each row, a column for each field and facet."""

import csv
import io
import json
import re

from django.utils.translation import gettext as _

from experiences.interchange.cells import bare, parted
from experiences.interchange.records import LISTS, LONGEST_LINE, Record, not_utf8, too_long, unreadable

LONGEST_CELL = 1_000_000
MOST_LINES = 10_000  # of one row
ROWS = ("measures", "sources")
_ESCAPED = re.compile("[\udc80-\udcff]")

csv.field_size_limit(LONGEST_CELL)


def read_csv(stream, facets, columns):
    # What is not UTF-8 comes as lone surrogates, so that each row can be judged by itself.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    first = text.readline(LONGEST_LINE)
    delimiter = _delimiter(first, {*facets, *columns})
    rows = csv.reader(_lines(first, text), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        yield unreadable(1, "parse_error", _not_csv(error))
        return
    if twice := {name for name in header if name and header.count(name) > 1}:
        text = _("Two columns have the same name: %(names)s.") % {"names": ", ".join(sorted(twice))}
        yield unreadable(1, "duplicate_field", text)
        return
    yield from _csv_records(rows, header, facets)
    text.detach()


def _delimiter(line, known):
    def found(delimiter):
        names = [name.strip().strip('"').strip() for name in line.split(delimiter)]
        return len(known.intersection(names)), len(names)

    return max(",", ";", key=found)


def _lines(first, text):
    line = first
    while line:
        if len(line) >= LONGEST_LINE:
            raise csv.Error(too_long())
        yield line
        line = text.readline(LONGEST_LINE)


def _not_csv(error):
    return _("This is not CSV: %(reason)s.") % {"reason": error}


def _csv_records(rows, header, facets):
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield unreadable(line, "parse_error", _not_csv(error))
            if rows.line_num - line > MOST_LINES:  # A quote that is never closed: what follows is no row.
                return
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield _csv_record(row, header, facets, line)


def _csv_record(row, header, facets, line):
    if any(_ESCAPED.search(cell) for cell in row):
        return unreadable(line, "encoding", not_utf8())
    if any(cell.strip() for cell in row[len(header) :]):
        text = _("This row has %(cells)s cells, but there are %(columns)s columns.")
        return unreadable(line, "parse_error", text % {"cells": len(row), "columns": len(header)})
    record = Record(line)
    for name, cell in zip(header, row, strict=False):
        cell = bare(cell)
        if not name or not cell.strip():
            continue
        record.data[name] = _cell_value(record, name, cell, facets)
    return record


def _cell_value(record, name, cell, facets):
    if name in LISTS or name in facets:
        return parted(cell)
    if name in ROWS:
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            record.refuse(name, "parse_error", _("Write this column as a JSON list."))
            return None
    return cell
