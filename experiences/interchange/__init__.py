"""Files of reports, read into records: JSON Lines, CSV, Markdown with YAML front matter.

Nothing is judged here but the form of the file. Whatever comes in, a reader yields records, and
what it could not read becomes a Problem with its line.
"""

import codecs

from django.utils.translation import gettext as _

from experiences.interchange.csv import read_csv
from experiences.interchange.jsonl import read_jsonl
from experiences.interchange.markdown import read_markdown
from experiences.interchange.records import unreadable

FORMATS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".csv": "csv", ".md": "md", ".markdown": "md",
}  # fmt: skip


def read(stream, form, facets=(), columns=()):
    """Yield the Records of binary `stream`, in format `form`.

    `facets` and `columns` are the names a CSV column or a front matter key may have.
    """
    if _is_binary(stream):
        yield unreadable(1, "not_text", _("This is not a text file."))
    elif form == "csv":
        yield from read_csv(stream, facets, columns)
    elif form == "md":
        yield from read_markdown(stream, facets)
    else:
        yield from read_jsonl(stream)


def _is_binary(stream):
    head = stream.peek(4096)[:4096]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return b"\0" in head
    return False
