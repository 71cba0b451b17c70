"""CSV: a report on each row, a column for each field and facet; as programs and as spreadsheets write it."""

import csv
import json
import re

from django.utils.translation import gettext as _

from experiences.interchange.cells import bare, parted
from experiences.interchange.encoding import as_text
from experiences.interchange.records import (
    JSON_CELLS,
    LISTS,
    LONGEST_LINE,
    OUR_OWN,
    Record,
    not_utf8,
    too_long,
    unreadable,
)

LONGEST_CELL = 1_000_000
MOST_LINES = 10_000  # of one row
DELIMITERS = ",;\t|"
_ESCAPED = re.compile("[\udc80-\udcff]")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[;,\t]*\s*', re.IGNORECASE)

csv.field_size_limit(LONGEST_CELL)


def read_csv(stream, names):
    text, refusal = as_text(stream)
    if refusal:
        yield refusal
        return
    table = Table(text, names)
    yield from table.records()
    text.detach()


class Table:
    """The rows of one file, under the header that its first row is."""

    def __init__(self, text, names):
        self.text, self.names = text, names
        self.passed = 0  # lines above the header
        self.header, self.delimiter, self.is_ours = [], ",", False

    def records(self):
        first = self._first_line()
        rows = csv.reader(self._lines(first), delimiter=self.delimiter, strict=True)
        try:
            written = [name.strip() for name in next(rows, [])]
        except csv.Error as error:
            yield unreadable(1 + self.passed, "parse_error", _not_csv(error))
            return
        self.header = [self.names.ours(name) for name in written]
        self.is_ours = OUR_OWN in self.header
        if refusal := self._header_refusal(written):
            yield refusal
        else:
            yield from self._rows(rows)

    def _first_line(self):
        """Return the line of the header; blank ones are passed over, and “sep=;”, which names what parts."""
        told = ""
        while line := self.text.readline(LONGEST_LINE):
            if found := _SEPARATOR_LINE.fullmatch(line):
                told = found[1]
            elif line.strip(DELIMITERS + '" \r\n\ufeff'):
                break
            self.passed += 1
        self.delimiter = told or self._delimiter(line)
        return line

    def _delimiter(self, line):
        def found(delimiter):
            heads = [self.names.ours(head.strip().strip('"')) for head in line.split(delimiter)]
            return sum(map(self.names.knows, heads)), len(heads)

        return max(DELIMITERS, key=found)

    def _header_refusal(self, written):
        """Return the Record that refuses the whole file for its header, if that is what is wrong."""
        line, heads = 1 + self.passed, self.header
        twice = [text for text, name in zip(written, heads, strict=True) if name and heads.count(name) > 1]
        if twice:
            text = _("Two columns have the same name: %(names)s.") % {"names": ", ".join(sorted(set(twice)))}
            return unreadable(line, "duplicate_field", text)
        if any(heads) and not any(map(self.names.knows, heads)):
            text = _(
                "No column is a field we know. The first row must name them, with commas, semicolons or tabs "
                "between: %(names)s."
            )
            return unreadable(line, "unknown_columns", text % {"names": ", ".join(self.names.needed)})
        if any(heads) and (lacking := self.names.lacking(heads)):
            text = _("These columns are missing, and no --set fills them: %(names)s.")
            return unreadable(line, "missing_columns", text % {"names": ", ".join(lacking)})
        return None

    def _lines(self, first):
        line = first
        while line:
            if len(line) >= LONGEST_LINE:
                raise csv.Error(too_long())
            yield line
            line = self.text.readline(LONGEST_LINE)

    def _rows(self, rows):
        while True:
            line = rows.line_num + 1 + self.passed
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield unreadable(line, "parse_error", _not_csv(error))
                # A quote that is never closed: what follows is no row.
                if rows.line_num + self.passed - line > MOST_LINES:
                    return
                continue
            if row is None:
                return
            if any(cell.strip() for cell in row):
                yield self._record(row, line)

    def _record(self, row, line):
        if any(_ESCAPED.search(cell) for cell in row):
            return unreadable(line, "encoding", not_utf8())
        if any(cell.strip() for cell in row[len(self.header) :]):
            text = _("This row has %(cells)s cells, but there are %(columns)s columns.")
            return unreadable(line, "parse_error", text % {"cells": len(row), "columns": len(self.header)})
        # Whoever writes a decimal comma, and so a semicolon between cells, writes the day before the month.
        record = Record(line, day_first=self.delimiter == ";")
        for name, cell in zip(self.header, row, strict=False):
            # Only our exports put an apostrophe before what a spreadsheet would run.
            cell = bare(cell) if self.is_ours else cell
            if name and cell.strip():
                record.data[name] = self._value(record, name, cell)
        return record

    def _value(self, record, name, cell):
        if name in LISTS or name in self.names.facets:
            return parted(cell)
        if name in JSON_CELLS:
            try:
                return json.loads(cell)
            except (ValueError, RecursionError):
                record.refuse(name, "parse_error", _("Write this column as a JSON list."))
                return None
        return cell


def _not_csv(error):
    return _("This is not CSV: %(reason)s.") % {"reason": error}
