"""Markdown written by members, made safe to show.

Markdown without HTML, then a short list of elements: no images, no styles, no ids; links go to
http, https or mailto, or to a page of ours, and lend no weight. The source is kept; the result is stored
beside it: where a change alters it, `rebuild_index` renders all texts again (say so in the CHANGELOG).
"""

import re
from html import unescape

import nh3
from markdown_it import MarkdownIt

from config.folding import in_one_line
from experiences.text import markdown_rules

TAGS = set(
    [
        "p",
        "br",
        "hr",
        "s",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
_markdown = markdown_rules.reader()
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# What Markdown, our rules or HTML may read as more than words; `is_plain` judges addresses and lines.
_SIGNS = re.compile(r"[\\`*_~\[\]<>&|\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n{2,}")
_LONG_STRETCH = re.compile(r"(?<=>)[^<]{2000,}")  # between two tags: attributes hold no bare “>”
_PART = re.compile(r"(?:&#?\w+;|[^&]){1000}")
_former = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}, "ol": {"start"}, "li": {"value"}},
    tag_attribute_values={"a": {"translate": {"no"}}},  # of an address that names itself
    set_tag_attribute_values={"table": {"tabindex": "0"}},  # What scrolls is reached by the keyboard.
    url_schemes={"http", "https", "mailto"},
    url_relative=lambda url: url if markdown_rules.is_own_path(url) else None,
    link_rel="nofollow ugc noopener",
)


def render(text):
    """Return `text` (Markdown) as HTML that is safe to place in a page."""
    if not text.strip():
        return ""
    return _paragraphs(text) if is_plain(text) else read(text)


def read(text):
    """Return `text`, which is not blank, as render() does; by the library, whatever is in it."""
    return _cleaner.clean(_parted(_markdown.render(text)))


def _parted(html):
    """Return `html` with an element here and there, in long stretches of text, that any cleaner takes away.

    nh3 takes the square of the time over “«” within one stretch.
    """
    return _LONG_STRETCH.sub(lambda found: _PART.sub(r"\g<0><wbr>", found[0]), html)


def is_plain(text):
    """Whether `text` is words in paragraphs alone, as most are: each line begins with a letter, and there is
    neither an address nor a sign that means something.
    """
    if _SIGNS.search(text) or "://" in text or "www." in text.lower():
        return False
    return all(line[0].isalpha() and not line[-1].isspace() for line in text.split("\n") if line)


def _paragraphs(text):
    """Return a plain `text` as read() does, in a tenth of the time."""
    marked = text.strip("\n").replace("\xa0", "&nbsp;")
    parts = [part.replace("\n", "<br>\n") for part in _EMPTY_LINES.split(marked)]
    return "".join(f"<p>{part}</p>\n" for part in parts)


def words(html):
    """Return the words of rendered `html` as a page shows them: lines apart, marks inside a line gone."""
    return unescape(nh3.clean(_parted(html), tags=set()))


def former_words(text):
    """Return the words of `text` as pages showed them before lists, images and line ends were read as
    they are now: excerpts were copied from those pages, and stand.
    """
    return words(_former.render(text))


def plain(html):
    """Return the words of rendered `html` in one line."""
    spaced = html.replace("<", " <") if html else ""
    return in_one_line(unescape(nh3.clean(_parted(spaced), tags=set())))


# --- Two texts compared -----------------------------------------------------------------------------


def read_alike(old, new):
    """Return two texts (Markdown) as pages show them, to be compared word by word.

    Where the links of one lead elsewhere than those of the other, their addresses stand behind them.
    """
    pages = [render(old), render(new)]
    links = [_LINK.findall(html) for html in pages]
    if [address for address, _said in links[0]] != [address for address, _said in links[1]]:
        shared = set(links[0]) & set(links[1])
        pages = [_LINK.sub(lambda link: _with_address(link, shared), html) for html in pages]
    return [_lines(html) for html in pages]


def _with_address(link, shared):
    address, said = link.groups()
    known = address in (said, f"https://{said}") or (address, said) in shared
    return said if known else f"{said} ({address})"


def _lines(html):
    """Return the words of `html`, paragraphs apart; an item of a list, or a row of a table, is a line."""
    cells = re.sub(r"</t([dh])>\n<t[dh]>", " ", html)
    blocks = re.split(r"<(?:p|h\d|pre|table|blockquote)\b[^>]*>|</(?:p|h\d|pre|table)>", cells)
    # By hand, as `html` is our own: nh3 is slow on long lines of typographic quotes.
    texts = (unescape(re.sub(r"<[^>]*>", "", block)) for block in blocks)
    texts = (re.sub(r"\n\s*\n", "\n", text).strip() for text in texts)
    return "\n\n".join(filter(None, texts))
