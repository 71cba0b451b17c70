"""Markdown: a file for each report, YAML front matter above its headings."""

import re
from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.folding import letters_of
from experiences.interchange.cells import parted
from experiences.interchange.encoding import encoding_of
from experiences.interchange.names import field_of_heading
from experiences.interchange.records import LISTS, LONGEST_LINE, MONTHS, Record, not_utf8, unreadable
from experiences.text.markdown_rules import fence_after

DEEPEST = 20  # levels of YAML
BODY = "body"  # Text that stands before any heading we know.
BOLD_LEVEL = 7  # A line in bold stands below every heading.
_HEADING = re.compile(r" {0,3}(#{1,6})(\s*)([^#].*)$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
# Perhaps behind a number or a picture, but not as an item of a list.
_BOLD = re.compile(
    r" {0,3}(?:\d{1,3}[.)]\s+|[^\w\s*>+#|`~-]{1,8}\s*)?(\*\*|__)(?=\S)(.+?)\1[*_]?(\s*:)?\s*(.*)$"
)


def read_markdown(stream, names):
    encoding = encoding_of(stream)
    raw = stream.read(LONGEST_LINE + 1)
    if len(raw) > LONGEST_LINE:
        yield unreadable(1, "too_long", _("This file is too long to be a report."))
        return
    try:
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield unreadable(line, "encoding", not_utf8())
        return
    if text.strip():
        yield _markdown_record(re.split(r"\r\n|\r|\n", text), names)


def _markdown_record(lines, names):
    record = Record(1)
    start = next(number for number, line in enumerate(lines) if line.strip())
    record.without_front_matter = lines[start].rstrip() != "---"
    if not record.without_front_matter:
        ends = (at for at, line in enumerate(lines) if at > start and line.rstrip() in ("---", "..."))
        end = next(ends, None)
        if end is None:
            text = _("The front matter is never closed by a line of “---”.")
            return unreadable(start + 1, "parse_error", text)
        if refusal := _front_matter(record, lines[start + 1 : end], start + 1, names):
            return refusal  # All it names would be missing, for this one reason.
        start = end + 1
    read_sections(record, lines, start)
    return record


# --- Headings --------------------------------------------------------------------------------------


@dataclass
class Heading:
    """What may open a part of a report: a heading, an underlined line, or a line in bold."""

    level: int
    text: str
    lines: list = field(default_factory=list)  # as they are written
    rest: str = ""  # what follows on the line
    is_title: bool = False  # whether it may be the title, if it opens no part


def read_sections(record, lines, start):
    """Put what stands under each heading we know in its field.

    A heading below the one that is open is a heading within that part, whatever it says.
    """
    texts, name, level = {}, BODY, BOLD_LEVEL
    for number, part in _parts(lines, start):
        known = isinstance(part, Heading) and part.level <= level and field_of_heading(part.text)
        if known:
            name, level = known, part.level
            record.lines.setdefault(name, number)
            texts.setdefault(name, []).extend([part.rest] if part.rest else [])
        elif isinstance(part, Heading) and part.is_title and name == BODY and _is_title(record, part.text):
            record.data.setdefault("title", part.text)
            record.lines.setdefault("title", number)
        else:
            texts.setdefault(name, []).extend(part.lines if isinstance(part, Heading) else [part])
    record.without_headings = name == BODY
    for name, written in texts.items():
        text = "\n".join(written).strip("\n")
        if text.strip() and record.data.get(name):
            record.refuse(name, "duplicate_field", _("This is both in the front matter and under a heading."))
        elif text.strip():
            record.data[name] = text


def _is_title(record, text):
    """Whether a heading is the title: the first, or what the front matter says already."""
    title = record.data.get("title")
    return not title or (isinstance(title, str) and letters_of(title) == letters_of(text))


def _parts(lines, start):
    """Yield (number of the line, Heading or line) of what follows the front matter."""
    at, fence, opens = start, "", True  # opens: whether a paragraph may begin here
    while at < len(lines):
        line, number = lines[at], at + 1
        fence = fence_after(fence, line)
        found = None if fence else _heading(line, lines[at + 1 : at + 2], opens)
        yield number, found or line
        at += len(found.lines) if found else 1
        opens = bool(found) or not line.strip()


def _heading(line, following, opens):
    """Return the Heading that `line` is, perhaps with the one that follows, or None."""
    if found := _HEADING.match(line):
        level, blank, text = len(found[1]), found[2], found[3].rstrip()
        unclosed = text.rstrip("#")
        text = unclosed.rstrip() if unclosed[-1:].isspace() else text
        return Heading(level, text, [line], is_title=level == 1 and bool(blank))
    if not opens or not line.strip() or line.startswith(("    ", "\t", "```", "~~~")):
        return None
    if following and (found := _UNDERLINE.match(following[0])):
        level = 1 if found[1][0] == "=" else 2
        return Heading(level, line.strip(), [line, *following], is_title=level == 1)
    if found := _BOLD.match(line):
        text, colon, rest = found[2], found[3], found[4]
        if not rest or colon or text.rstrip().endswith(":"):
            return Heading(BOLD_LEVEL, text, [line], rest)
    return None


# --- Front matter ----------------------------------------------------------------------------------


def _front_matter(record, lines, before, names):
    """Read the front matter, whose first line follows `before` others; return the Record that refuses it."""
    try:
        text = "\n".join(lines)
        _refuse_costly(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        return unreadable(*_yaml_problem(error, lines, before))
    if node is None:
        return None
    if not isinstance(node, yaml.MappingNode):
        return unreadable(before, "parse_error", _("Write the front matter as “name: value” lines."))
    for name_node, value in node.value:
        name, line = names.ours(str(name_node.value)), name_node.start_mark.line + 1 + before
        if name in record.data:
            record.refuse(name, "duplicate_field", _("This field is given twice."), line)
        record.lines[name] = line
        given = _plain_value(record, name, value, before)
        if name == "title" and _is_cut(value, lines):
            text = _("What follows “#” is not read here. Put the title between quotes.")
            record.refuse(name, "invalid_type", text, line)
        if isinstance(given, str) and (name in LISTS or name in names.facets):
            given = parted(given)
        record.data[name] = given
    return None


def _is_cut(node, lines):
    """Whether YAML takes the end of the line for a comment: “Meeting #3”."""
    end = node.end_mark
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return plain and end.line < len(lines) and lines[end.line][end.column :].lstrip().startswith("#")


def _yaml_problem(error, lines, before):
    """Return (line, code, message) of what YAML does not read; a colon within a title most of all."""
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    line = mark.line if mark and mark.line < len(lines) else 0
    name, _colon, value = lines[line].partition(":") if lines else ("", "", "")
    if re.search(r":(\s|$)", value) and reason.startswith("mapping values"):
        text = _("Put what stands after “%(name)s:” between quotes: it has a colon of its own.")
        return line + before + 1, "parse_error", text % {"name": name.strip()[:60]}
    text = _("The front matter is not YAML: %(reason)s.") % {"reason": reason}
    return line + before + 1, "parse_error", text


def _refuse_costly(text):
    """Refuse, before it is built, what a few lines can make endless: aliases and depth."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(_("it is nested too deeply"))
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(_("aliases are not read"))


# YAML turns words into other things; whoever wrote a title or a keyword meant the word.
SURPRISES = {
    "tag:yaml.org,2002:bool": gettext_lazy(
        "YAML reads “%(text)s” here as true or false, not as a word. Put it between quotes if you "
        "mean the word."
    ),
    "tag:yaml.org,2002:timestamp": gettext_lazy(
        "YAML reads “%(text)s” here as a date, not as words. Put it between quotes if you mean the words."
    ),
}


def _plain_value(record, name, node, before):
    """Return strings, lists and dictionaries only; what YAML reads as something else is a Problem."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain_value(record, name, one, before) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(part.value): _plain_value(record, name, value, before) for part, value in node.value}
    if node.tag == "tag:yaml.org,2002:null":
        return ""
    surprise = SURPRISES.get(node.tag)
    if surprise and not (name in MONTHS and node.tag.endswith("timestamp")):
        text = surprise % {"text": node.value}
        record.refuse(name, "invalid_type", text, node.start_mark.line + 1 + before)
    return node.value
