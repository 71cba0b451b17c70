"""Markdown: a file for each report, YAML front matter above its headings."""

import re
import unicodedata

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from experiences.interchange.cells import parted
from experiences.interchange.records import LISTS, LONGEST_LINE, Record, not_utf8, unreadable

DEEPEST = 20  # levels of YAML
MONTHS = ("started_on", "ended_on", "follow_up_on")
BODY = "body"  # Text that stands before any heading we know.
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
        yield unreadable(line, "encoding", not_utf8())
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
        "YAML reads “%(text)s” here as true or false, not as a word. Put it between quotes if you "
        "mean the word."
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
