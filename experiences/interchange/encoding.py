"""Bytes of a file as text: UTF-8, or UTF-16 as spreadsheets name “Unicode text”; nothing is guessed."""

import codecs
import io

from experiences.interchange.records import not_utf8, unreadable

BLOCK = 1_000_000  # bytes looked at in one go
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(stream):
    """Return the encoding that the beginning of binary `stream` shows."""
    head = stream.peek(4096)[:4096]
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    # In UTF-16, every other byte of plain letters is NUL.
    even, odd = head[::2], head[1::2]
    for nothing, letters, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if len(nothing) > 8 and nothing.count(0) > 0.9 * len(nothing) and letters.count(0) == 0:
            return name
    return "utf-8"


def as_text(stream):
    """Return (text of `stream`, None), line ends as they are; or (None, the Record that refuses it).

    The whole file is looked through first, a block at a time: what cannot be read is refused at once, and
    not after half of it has been stored.
    """
    encoding = encoding_of(stream)
    if stream.seekable():
        line = _first_unreadable_line(stream, encoding)
        if line:
            return None, unreadable(line, "encoding", not_utf8())
        errors = "strict"
    else:  # A pipe passes once: then each line is judged by itself.
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline=""), None


def _first_unreadable_line(stream, encoding):
    """Return the number of the first line that is not of `encoding`, or None; `stream` is where it was."""
    start = stream.tell()
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = io.IncrementalNewlineDecoder(None, translate=True)
    line, unread = 1, None
    try:
        while unread != b"":
            unread = stream.read(BLOCK)
            line += lines.decode(decoder.decode(unread, final=not unread)).count("\n")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "ignore")
        return line + lines.decode(before, final=True).count("\n")
    finally:
        stream.seek(start)
    return None
