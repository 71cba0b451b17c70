"""A report as a Markdown file that `import_experiences` reads back: front matter, then texts under headings.

It is told as to a visitor, in its own language, the same for everybody. Whoever renders the file may let HTML
and any link through, so no text brings one along: what would, and what would not be read back from under its
heading, stands in the front matter.
"""

import re

import yaml
from django.utils import translation
from django.utils.text import capfirst

from experiences.interchange.exporter import LINE_ENDS, record_of
from experiences.interchange.markdown import read_sections
from experiences.interchange.names import field_of_heading
from experiences.interchange.records import Record
from experiences.models import Experience

_MARKS = re.compile(r"([\\`*_\[\]~|])")
_LINE_STARTS = re.compile(r"^(\s*)([#+=>-]|\d+(?=[.)]))", re.MULTILINE)
# The scheme of a link or of a reference; Markdown reads “\:” as “:”.
_SCHEME = re.compile(r"(\](?:\(|:)\s*)([a-z][a-z0-9+.-]*)\\?:", re.IGNORECASE)
SCHEMES = ("http", "https", "mailto")
# What may become a tag, or an entity within the address of a link.
_HTML = re.compile(r"<[a-z/!?]|&#?\w+;", re.IGNORECASE)
_MARKUP = {"<": r"\x3c", "]": r"\x5d"}  # without which there is neither HTML nor a link
_IN_TITLE = re.compile(r"([\\`*_\[\]~|<&#])")


# --- Words that others render --------------------------------------------------------------------


def written(text):
    """Return Markdown that someone wrote, without HTML and without links that run something."""
    return _SCHEME.sub(_harmless, text.replace("&", "&amp;").replace("<", "&lt;"))


def _harmless(found):
    opening, scheme = found.groups()
    return found.group() if scheme.lower() in SCHEMES else f"{opening}{scheme}%3A"


def exact(text):
    """Return plain words as Markdown that shows each character as it stands."""
    safe = _MARKS.sub(r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
    return _LINE_STARTS.sub(_as_words, safe)


def _as_words(found):
    """A backslash before a number would show: the one that matters goes behind it."""
    blank, mark = found.groups()
    return f"{blank}{mark}\\" if mark.isdigit() else f"{blank}\\{mark}"


def is_harmless(text):
    """Whether Markdown that someone wrote brings along neither HTML nor a link that runs something."""
    schemes = (scheme.lower() for _opening, scheme in _SCHEME.findall(text))
    return not _HTML.search(text) and all(scheme in SCHEMES for scheme in schemes)


# --- The file ------------------------------------------------------------------------------------


def markdown(citation):
    """Return the file of a published report, as `citation` quotes it."""
    report = citation.report
    told = {name: value for name, value in record_of(report).items() if value not in (None, "", [], {})}
    with translation.override(report.language):
        texts, source = _texts_under_headings(told), citation.source
    front = _front_matter({name: value for name, value in told.items() if name not in texts})
    parts = [f"---\n# {source}\n{front}---", _title(report.title), *texts.values()]
    return "\n\n".join(filter(None, parts)) + "\n"


def _title(title):
    """Return the heading of the file; "" where it would open a part of the report."""
    words = _IN_TITLE.sub(r"\\\1", title)
    return "" if field_of_heading(words) else f"# {words}"


def _texts_under_headings(told):
    """Return {name: heading and text} of the texts in `told`, but for those that cannot stand there."""
    found = {}
    for name in Experience.TEXTS:
        heading = f"## {capfirst(Experience._meta.get_field(name).verbose_name)}"
        text = told.get(name, "")
        if text and is_harmless(text) and is_read_back(name, heading, text):
            found[name] = f"{heading}\n\n{text}"
    return found


def is_read_back(name, heading, text):
    """Whether `text` is found again as it is under its heading, and what follows it as well."""
    following = "lessons" if name == "result" else "result"
    record = Record(1)
    lines = f"{heading}\n\n{text}\n\n## {following}\n\nx".split("\n")
    read_sections(record, lines, 0)
    return record.data == {name: text, following: "x"}


# --- Front matter --------------------------------------------------------------------------------


def _front_matter(told):
    """Return `told` as YAML that holds neither HTML nor a link."""
    flat = _flat(told)
    front = yaml.dump(flat, Dumper=FrontMatter, sort_keys=False, allow_unicode=True, width=float("inf"))
    for mark, escape in _MARKUP.items():  # They stand between double quotes alone.
        front = front.replace(mark, escape)
    return front


def _flat(told):
    """Return `told` with each facet as a line of its own, and the author by name."""
    flat = {name: value for name, value in told.items() if name not in ("contexts", "author", "effort")}
    effort = {part: value for part, value in told["effort"].items() if value not in (None, "")}
    flat |= {facet: _one_or_all(slugs) for facet, slugs in told.get("contexts", {}).items()}
    flat |= {"effort": effort} if effort else {}
    return flat | ({"author": told["author"]["name"]} if "author" in told else {})


def _one_or_all(slugs):
    return slugs[0] if len(slugs) == 1 else slugs


class FrontMatter(yaml.SafeDumper):
    """Writes texts of several lines as they are typed, and quotes what others might take for markup."""


def _quoted(dumper, text):
    text = str(text)  # A choice of a report in hand is more than that.
    style = "|" if "\n" in text else None
    if LINE_ENDS.search(text) or any(mark in text for mark in _MARKUP):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


FrontMatter.add_representer(str, _quoted)
FrontMatter.add_multi_representer(str, _quoted)
