"""Files of reports, read into records: JSON Lines, CSV, Markdown with YAML front matter.

Nothing is judged here but the form of the file. Whatever comes in, a reader yields records, and
what it could not read becomes a Problem with its line.
"""

import codecs
import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FORMATS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".csv": "csv", ".md": "md", ".markdown": "md",
}  # fmt: skip
LONGEST_LINE = 8_000_000  # Seven texts of 80,000 characters, each written as \uXXXX, and room.
LONGEST_CELL = 1_000_000
MOST_LINES = 10_000  # of one CSV row
DEEPEST = 20  # levels of YAML
MONTHS = ("started_on", "ended_on", "follow_up_on")
LISTS = ("stakes", "keywords")
ROWS = ("measures", "sources")
BODY = "body"  # Text of a Markdown file that stands before any heading we know.

csv.field_size_limit(LONGEST_CELL)


@dataclass
class Problem:
    """Why a record is refused, and where."""

    line: int
    field: str
    code: str
    message: str


@dataclass
class Record:
    """What a file says of one report; `lines` tells where a field stands when it has its own line."""

    line: int
    data: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    lines: dict = field(default_factory=dict)

    def refuse(self, name, code, message, line=None):
        place = self.lines.get(name) or self.lines.get(name.split("_")[0], self.line)  # effort_people: effort
        self.problems.append(Problem(line or place, name, code, message))


def unreadable(line, code, message):
    return Record(line, problems=[Problem(line, "", code, message)])


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


def _not_utf8():
    return _("This is not UTF-8 text. Save the file as UTF-8 and try again.")


def _too_long():
    return _("This line is too long to be a report.")


# --- JSON Lines ----------------------------------------------------------------------------------


def read_jsonl(stream):
    number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            _skip_line(stream)
            yield unreadable(number, "too_long", _too_long())
            continue
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if raw.strip():
            yield _json_record(raw, number)


def _skip_line(stream):
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_record(raw, number):
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        return unreadable(number, "encoding", _not_utf8())
    except RecursionError:
        return unreadable(number, "parse_error", _("This line is nested too deeply."))
    except json.JSONDecodeError as error:
        text = _("This line is not JSON: %(reason)s at character %(place)s.")
        return unreadable(number, "parse_error", text % {"reason": error.msg, "place": error.pos + 1})
    except ValueError as error:  # A constant, or a number of thousands of digits.
        text = _("This line is not JSON: %(reason)s.") % {"reason": error}
        return unreadable(number, "parse_error", text)
    if not isinstance(data, dict):
        return unreadable(number, "parse_error", _("Each line must be a JSON object, between { and }."))
    return Record(number, data)


def _no_constant(name):
    raise ValueError(_("%(name)s is not a number") % {"name": name})


# --- CSV -----------------------------------------------------------------------------------------

_ESCAPED = re.compile("[\udc80-\udcff]")
# A spreadsheet takes such a cell for a formula; an export hides it behind an apostrophe.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def neutral(cell):
    """Return `cell` so that no spreadsheet runs it; `bare()` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def bare(cell):
    """Return what `neutral()` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(values):
    """Return a list as one cell: items joined by `;`, a `;` of their own written `\\;`."""
    return ";".join(value.replace("\\", "\\\\").replace(";", "\\;") for value in values)


def parted(cell):
    """Return the items of a cell made by `joined()`, or typed by hand."""
    items, item, escaped = [], [], False
    for character in cell:
        if escaped:
            item.append(character if character in ";\\" else f"\\{character}")
        elif character == ";":
            items.append("".join(item))
            item = []
        elif character != "\\":
            item.append(character)
        escaped = character == "\\" and not escaped
    items.append("".join(item) + ("\\" if escaped else ""))
    return [item.strip() for item in items if item.strip()]


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
            raise csv.Error(_too_long())
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
        return unreadable(line, "encoding", _not_utf8())
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


# --- Markdown with YAML front matter ---------------------------------------------------------------

HEADINGS = {
    "situation": ("situation", "la situation", "what we faced", "ce a quoi nous faisions face"),
    "action": ("what we did", "action", "ce que nous avons fait", "ce qu on a fait", "ce que j ai fait"),
    "result": ("what happened", "result", "results", "ce qui s est passe", "resultat", "resultats"),
    "lessons": (
        "lessons learned", "lessons learnt", "lessons", "what we learned",
        "what we would tell a colleague", "lecons", "lecons apprises", "lecons tirees",
        "enseignements", "les enseignements", "ce que nous en retenons", "ce qu on en retient",
        "ce que nous avons appris", "ce que nous dirions a un collegue",
    ),
    "enablers": ("enablers", "what helped", "ce qui a aide"),
    "constraints": ("constraints", "what got in the way", "contraintes", "ce qui a gene"),
    "comparison": ("comparison", "how we compared", "comparaison", "comment nous avons compare"),
}  # fmt: skip
FIELD_OF_HEADING = {heading: name for name, headings in HEADINGS.items() for heading in headings}
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def read_markdown(stream, facets):
    raw = stream.read(LONGEST_LINE + 1)
    if len(raw) > LONGEST_LINE:
        yield unreadable(1, "too_long", _("This file is too long to be a report."))
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield unreadable(line, "encoding", _not_utf8())
        return
    if text.strip():
        yield _markdown_record(re.split(r"\r\n|\r|\n", text), {*LISTS, *facets})


def _markdown_record(lines, several):
    record = Record(1)
    start = 0
    if lines[0].rstrip() == "---":
        ends = (number for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "..."))
        end = next(ends, None)
        if end is None:
            return unreadable(1, "parse_error", _("The front matter is never closed by a line of “---”."))
        _front_matter(record, "\n".join(lines[1:end]), several)
        start = end + 1
    _sections(record, lines, start)
    return record


def _sections(record, lines, start):
    texts, name, fence = {}, BODY, ""
    for number, line in enumerate(lines[start:], start + 1):
        if mark := _FENCE.match(line):
            fence = _fenced(fence, mark[1])
        found = None if fence else _HEADING.match(line)
        if found and "title" not in record.data and found[1] == "#" and not _field_of(found[2]):
            record.data["title"], record.lines["title"] = found[2], number
        elif found and _field_of(found[2]):
            name = _field_of(found[2])
            record.lines.setdefault(name, number)
        else:
            texts.setdefault(name, []).append(line)
    for name, written in texts.items():
        text = "\n".join(written).strip("\n")
        if text.strip() and record.data.get(name):
            record.refuse(name, "duplicate_field", _("This is both in the front matter and under a heading."))
        elif text.strip():
            record.data[name] = text


def _fenced(fence, mark):
    if not fence:
        return mark
    return "" if mark.startswith(fence) else fence


def _field_of(heading):
    plain = unicodedata.normalize("NFKD", heading.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return FIELD_OF_HEADING.get(" ".join(re.findall(r"\w+", plain)))


def _front_matter(record, text, several):
    try:
        _refuse_costly(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        return record.refuse("", "parse_error", *_yaml_reason(error))
    if node is None:
        return None
    if not isinstance(node, yaml.MappingNode):
        return record.refuse("", "parse_error", _("Write the front matter as “name: value” lines."))
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 2
        if name in record.data:
            record.refuse(name, "duplicate_field", _("This field is given twice."), line)
        record.lines[name] = line
        given = _plain_value(record, name, value)
        record.data[name] = parted(given) if name in several and isinstance(given, str) else given


def _refuse_costly(text):
    """Refuse, before it is built, what a few lines can make endless: aliases and depth."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(_("it is nested too deeply"))
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(_("aliases are not read"))


def _yaml_reason(error):
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    return _("The front matter is not YAML: %(reason)s.") % {"reason": reason}, mark and mark.line + 2


# YAML turns words into other things; whoever wrote a title or a keyword meant the word.
SURPRISES = {
    "tag:yaml.org,2002:bool": gettext_lazy(
        "YAML reads “%(text)s” here as true or false, not as a word. Put it between quotes if you mean the word."
    ),
    "tag:yaml.org,2002:timestamp": gettext_lazy(
        "YAML reads “%(text)s” here as a date, not as words. Put it between quotes if you mean the words."
    ),
}


def _plain_value(record, name, node):
    """Return strings, lists and dictionaries only; what YAML reads as something else is a Problem."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain_value(record, name, one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain_value(record, name, value) for key, value in node.value}
    if node.tag == "tag:yaml.org,2002:null":
        return ""
    surprise = SURPRISES.get(node.tag)
    if surprise and not (name in MONTHS and node.tag.endswith("timestamp")):
        text = surprise % {"text": node.value}
        record.refuse(name, "invalid_type", text, node.start_mark.line + 2)
    return node.value
