"""Files of reports or practices, read into records: JSON Lines, CSV, Markdown with YAML front matter.

Nothing is judged here but the form of the file. Whatever comes in, a reader yields records, and
what it could not read becomes a Problem with its line.
"""

import codecs

from django.utils.translation import gettext as _

from experiences.interchange.csv import read_csv
from experiences.interchange.encoding import encoding_of
from experiences.interchange.jsonl import read_jsonl
from experiences.interchange.markdown import read_markdown
from experiences.interchange.records import not_utf8, unreadable

FORMATS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".csv": "csv", ".tsv": "csv", ".md": "md", ".markdown": "md",
}  # fmt: skip


def read(stream, form, names):
    """Yield the Records of binary `stream`, in format `form`; `names` are the Names it may use."""
    encoding = encoding_of(stream)
    if encoding.startswith("utf-8") and _is_binary(stream):
        yield unreadable(1, "not_text", _("This is not a text file."))
    elif form == "csv":
        yield from read_csv(stream, names)
    elif form == "md":
        yield from read_markdown(stream, names)
    elif not encoding.startswith("utf-8"):
        yield unreadable(1, "encoding", not_utf8())
    else:
        yield from read_jsonl(stream)


def _is_binary(stream):
    head = stream.peek(4096)[:4096]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return b"\0" in head
    return False
