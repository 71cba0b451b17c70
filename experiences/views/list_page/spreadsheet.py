"""A list as a file for spreadsheets: its rows in its order, in columns and words that people read.

It is sent while it is read, a chunk of rows at a time, each in as many queries as a page of the list. No cell
is run as a formula; it begins with a mark by which a spreadsheet knows its accents.
"""

import csv
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import translation

from experiences.interchange.cells import neutral
from experiences.interchange.exporter import MARK
from experiences.models.vocabulary.cache import lists

MOST_ROWS, CHUNK = 5000, 250


class Line:
    """What csv.writer writes to, line by line."""

    def write(self, line):
        return line


def spreadsheet(filterset, columns, cells_of, name):
    """Answer the rows that `filterset` finds as CSV: `columns` are the words of the first line,
    `cells_of(row)` gives a row's own; `name` is that of the file.

    Raises ValidationError, before anything is sent, where the address is not understood.
    """
    language = translation.get_language()
    filterset.size, filterset.cursor = CHUNK, ""
    pages = filterset.pages(MOST_ROWS)
    first = next(pages)
    writer = csv.writer(Line())

    def lines():
        yield MARK + writer.writerow([neutral(str(column)) for column in columns])
        for page in chain([first], pages):
            with translation.override(language):  # Whoever reads it slowly shares the thread with others.
                told = [writer.writerow([neutral(cell) for cell in cells_of(row)]) for row in page.rows]
            yield "".join(told)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def labels_of(told):
    """Return (the stakes, {facet: the contexts}) that an item tells, in words."""
    known = lists()
    stakes = [stake.label for stake in known.stakes if stake.slug in told["stakes"]]
    contexts = {}
    for context in known.contexts:
        if context.slug in told["contexts"].get(context.facet.slug, ()):
            contexts.setdefault(context.facet.slug, []).append(context.label)
    return stakes, contexts


def one_cell(words):
    """Return several words as people read them in one cell."""
    return "; ".join(map(str, words))
