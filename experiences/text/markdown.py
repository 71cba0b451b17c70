"""Markdown written by members, made safe to show.

Markdown without HTML, then a short list of elements: no images, no styles, no ids; links go to
http, https or mailto only and lend no weight. The source is kept; the result is stored beside it.
"""

from html import unescape

import nh3
from markdown_it import MarkdownIt

VERSION = 1  # Raise it when the output changes; `rebuild_index` then renders all texts again.
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
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="nofollow ugc noopener",
)


def _lower_headings(tokens):
    # The page has its own h1 and h2.
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


def render(text):
    """Return `text` (Markdown) as HTML that is safe to place in a page."""
    if not text.strip():
        return ""
    tokens = _markdown.parse(text)
    _lower_headings(tokens)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return _cleaner.clean(html)


def words(html):
    """Return the words of rendered `html` as a page shows them: lines apart, marks inside a line gone."""
    return unescape(nh3.clean(html, tags=set()))


def plain(html):
    """Return the words of rendered `html`, white space folded."""
    spaced = html.replace("<", " <") if html else ""
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())
