"""Markdown as people write it: nothing vanishes, and what a page gets is safe."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLinkText

from experiences.text import markdown
from experiences.text.markdown import TAGS, is_plain, plain, read, render, words
from experiences.text.word_diff import diff_pages


class Page(HTMLParser):
    """What a reader gets of some HTML: its elements, its words with the numbers of lists, its addresses."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.links, self.lists, self.said = set(), set(), [], [], []
        self.feed(html)
        self.text = "".join(self.said)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name in attributes}
        if tag in ("ol", "ul"):
            self.lists.append(int(attributes.get("start", 1)) if tag == "ol" else None)
        if tag == "li" and self.lists[-1] is not None:
            number = int(attributes.get("value", self.lists[-1]))
            self.said.append(f" {number}. ")
            self.lists[-1] = number + 1
        if tag == "a":
            self.links.append(attributes.get("href"))

    def handle_endtag(self, tag):
        if tag in ("ol", "ul"):
            self.lists.pop()

    def handle_data(self, data):
        self.said.append(data)


def lines(text):
    return [line.strip() for line in Page(render(text)).text.splitlines() if line.strip()]


# --- Nothing vanishes -------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [11, 12, 13, 40, 2000])
def test_lists_keep_their_words_at_any_depth(depth):
    text = "\n".join(f"{'  ' * level}- level{level}" for level in range(depth)) + "\n\nThe end."
    assert set(re.findall(r"level\d+", text)) == set(re.findall(r"level\d+", plain(render(text))))
    assert render(text).endswith("<p>The end.</p>\n")


def test_quotes_and_numbers_keep_their_words_at_any_depth():
    assert "deep" in render(">" * 500 + " deep")
    assert "deep" in render("1. " * 500 + "deep\nstill deep")
    assert "deeper" in render("> - " * 30 + "one\n" + "> " * 60 + "deeper")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write <b>to</b> <Marie> & <!-- me -->", "Write <b>to</b> <Marie> & <!-- me -->"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("```call Marie\nor Paul", "call Marie or Paul"),
        ("[^1]: Marie", "[^1]: Marie"),
        ("[note]: https://a.org (A title)", 'note (A title): https://a.org "A title"'),
        ("[unused]: /practices/", "unused: /practices/"),
        ("| a | b |\n|---|---|\n| 1 | 2 | three | 4", "a b 1 2 three 4"),
        ("[page](annex.html)", "page (annex.html)"),
        ('[**page**](../annex.html "A title"), *so*', "page (../annex.html; A title), so"),
        ("[Note]: Important\n\nA [Note].", "[Note]: Important A [Note]."),
        ("[a]: Important\n\n[a]: https://a.org", "a: Important a: https://a.org"),
        ("[run](javascript:alert(1))", "[run](javascript:alert(1))"),
        ("![plan](plan.png) [![logo](l.png)]()", "plan (plan.png) logo (l.png)"),
        ('[x](https://a.org "The plan")', "x (The plan)"),
        ("[](https://a.org/b)", "https://a.org/b"),
        ("![](https://a.org/b)", "https://a.org/b"),
        ("![a `b` *c*](https://a.org)", "a b c"),
        ("![a [b](https://c.org) d](https://a.org)", "a [b](https://c.org) d"),
        ("les contributeur*ices et les modérateur*ices", "les contributeur*ices et les modérateur*ices"),
        ("2*3*4, 2**10 and 2**8", "2*3*4, 2**10 and 2**8"),
        ("les **contributeur**s, *très* bien", "les contributeurs, très bien"),
        ("snake_case_name and ~5", "snake_case_name and ~5"),
        ("2019. Began\n2021. Ended", "2019. Began 2021. Ended"),
        ("3. c\n2. b\n1. a", "3. c 2. b 1. a"),
        ("1. a\n1. b\n1. c", "1. a 2. b 3. c"),
        ("    four blanks *begin* a line", "four blanks begin a line"),
    ],
)
def test_what_is_typed_stays_readable(text, shown):
    assert " ".join(Page(render(text)).text.split()) == shown


def test_an_image_is_a_link_that_its_description_names():
    html = render("![nine to two](https://a.org/c.png) [![logo](https://a.org/l.png)](https://a.org)")
    assert Page(html).links == ["https://a.org/c.png", "https://a.org", "https://a.org/l.png"]
    assert plain(html).replace(" )", ")") == "nine to two logo ( https://a.org/l.png)"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[a](www.a.org/b)", "https://www.a.org/b"),
        ("[a](example.org/page)", "https://example.org/page"),
        ("[a](/practices/x/)", "/practices/x/"),
        (r"[a](/\evil.org)", "/%5Cevil.org"),
        ("[a](mailto:x@a.org)", "mailto:x@a.org"),
        ("See https://a.org/p_(x)?a=1&b=2.", "https://a.org/p_(x)?a=1&b=2"),
        ("(voir www.a.org/b)", "https://www.a.org/b"),
        ("**https://a.org/x**, and", "https://a.org/x"),
        ("«\u00a0https://a.org\u00a0»", "https://a.org"),
        ("HTTPS://A.org/a_b_c", "HTTPS://A.org/a_b_c"),
        ("[voir https://b.org](https://a.org)", "https://a.org"),
        ("<https://a.org>", "https://a.org"),
        ("[r]\n\n[r]: /practices/", "/practices/"),
        ("https://a.org/[withheld]", "https://a.org/"),
    ],
)
def test_addresses_become_links(text, address):
    assert set(Page(render(text)).links) == {address}


@pytest.mark.parametrize(
    "text",
    [
        "[a](//evil.org)", "[a](data:text/html,x)", "[a](vbscript:x)", "[a](JaVaScript:x)",
        "![a](data:image/png;base64,AAAA)", "[a](ftp://a.org)", "<ftp://a.org>", "`https://a.org`",
        "ana@www.a.org", "xhttps://a.org", "www.", "https://", "www.0", "[a](http://1.x.0)",
    ],
)  # fmt: skip
def test_other_addresses_are_shown_as_they_are_written(text):
    page = Page(render(text))
    assert page.links == []
    assert page.text.strip() == text.strip("`")


def test_a_line_end_is_one():
    assert render("Monday: called\nTuesday: wrote") == "<p>Monday: called<br>\nTuesday: wrote</p>\n"


@pytest.mark.parametrize(
    "bullet", ["•\t", "• ", "•", "·\t", "– ", "◦ ", "▪\t", "o\t", "\uf0b7\t", "\uf0a7 ", "➢ "]
)
def test_pasted_bullets_are_a_list(bullet):
    html = render(f"We tried:\n{bullet}One\n{bullet}Two **bold**\n\nDone.")
    assert html.count("<li>") == 2
    assert "<strong>bold</strong>" in html
    assert lines(f"{bullet}One\n{bullet}Two") == ["One", "Two"]


@pytest.mark.parametrize(
    "text",
    ["• • •", "–", "-5 degrees", "–5 degrees", "o\t5\t6", "one • two", "```\n• code\n```", "· · ·"],
)
def test_what_is_no_bullet_is_no_list(text):
    html = render(text)
    assert "<li>" not in html
    assert words(html).strip() == text.strip("`\n")


def test_pasted_bullets_behind_what_only_looks_like_code_are_a_list():
    assert "<li>" in render("```x``` is what we typed\n\n•\tOne")
    assert "<li>" in render("> ```\n> code\n\n•\tOne")
    assert "<li>" not in render("```\n```js\n•\tOne\n```")


def test_pasted_bullets_nest_by_their_indent():
    assert render("• One\n\to\tInner\n• Two").count("<ul>") == 2
    assert render("> • One\n> • Two").count("<li>") == 2


# --- Whatever is written ----------------------------------------------------------------------------

MARKS = [
    "*", "**", "_", "__", "~~", "`", "``", "```", "\n```", "~~~", "[", "]", "](", "](/", "](https://a.org/",
    "](www.b.org ",
    "(", ")", "![", "<", ">", "\n> ", "\n- ", "\n* ", "\n+ ", "\n1. ", "\n7) ", "\n• ", "\no\t",
    "\n  - ", "\n      - ", "\n# ", "\n---", "\n===", "\n| ", " | ", "\n|---|---|\n", "|", "\n", "\n\n", "\t",
    "    ", "\\", "&", "&amp;", "&#65;", "\n[a]: ", "\n[^1]: ", "[^1]", '"', "'", ":", "https://",
    "http://c.org/é", "www.", "www.d.org", "javascript:", "mailto:", "<script>", "<!--",
    "-->", "</p>", "\u00a0", "\u200b", "  \n",
]  # fmt: skip
WORDS = st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F), min_size=1, max_size=8)
TEXTS = st.lists(st.one_of(st.sampled_from(MARKS), WORDS, st.just(" "), st.text(max_size=4)), max_size=40)


def missing(source, page):
    """Return the words of `source` that its page neither says nor leads to."""
    there = [
        page.text,
        *(form(link or "") for link in page.links for form in (str, unquote, normalizeLinkText)),
    ]
    shown = "\n".join(there).lower()
    written = re.sub(r"^([ \t>]*)o\t", r"\1", source, flags=re.MULTILINE)  # a bullet
    found = re.findall(r"[^\W_]+", re.sub(r"&#?\w+;", " ", written).lower())
    return {word for word in found if word not in shown and word.lstrip("0") not in shown}


@given(TEXTS.map("".join))
def test_every_word_of_any_text_is_on_its_page(source):
    page = Page(render(source))
    assert missing(source, page) == set(), render(source)


@given(TEXTS.map("".join))
def test_what_is_rendered_is_safe(source):
    page = Page(render(source))
    assert page.tags <= TAGS
    assert page.attributes <= {
        ("a", "href"), ("a", "rel"), ("a", "translate"), ("ol", "start"), ("li", "value"),
        ("table", "tabindex"),
    }  # fmt: skip
    for link in page.links:
        assert re.match(r"https?://|mailto:|/(?![/\\])", link, re.IGNORECASE)


# --- Two texts compared -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Keep **it** short.", "Keep it short.", ""),
        ("One\n\nTwo", "- One\n- Two", ""),
        ("# One\nTwo", "One\n\n> Two", ""),
        ("Keep **it** short.", "Keep *it* long.", "Keep it -short.+long."),
        ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|\n| c | e |", "a b\nc -d+e"),
        (
            "[our page](https://a.org) now",
            "[our page](https://b.org) now",
            "our page -(https://a.org) +(https://b.org) now",
        ),
        ("See [x](https://a.org).", "See [it](https://a.org).", "See -x.+it."),
        ("See www.a.org", "See www.b.org", "See -www.a.org+www.b.org"),
        ("See [x](/a/) and [y](/b/)", "See x and [y](/b/)", "See x -(/a/) and y"),
        ("[x](/a/) [y](/b/)", "[x](/b/) [y](/a/)", "x +(/b/) y (/a/)-y (/b/)"),
    ],
)
def test_what_readers_read_is_compared_and_where_links_lead(old, new, told):
    signs = {"same": "", "del": "-", "ins": "+"}
    assert "".join(signs[kind] + text for kind, text in diff_pages(old, new)) == told


# --- Words alone ------------------------------------------------------------------------------------

PIECES = [
    "Words",
    "\n",
    "\n\n",
    " ",
    "\xa0",
    "\u200b",
    "\u2028",
    "\x85",
    "’",
    '"',
    ".",
    "1.",
    ")",
    "-",
    "=",
    "http:",
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=12).map("".join))
def test_a_text_of_words_alone_is_rendered_as_the_library_does(text):
    if text.strip() and is_plain(text):
        assert render(text) == read(text)


@pytest.mark.parametrize(
    "sign", [*"*_`~[]<>&|\\\t", "\n- ", "\n1. ", "\n# ", "\n    ", "\n• ", "://", "www."]
)
def test_what_may_be_a_sign_is_left_to_the_library(sign):
    assert is_plain("Words: so.\nÉtat, l’autre. Words")
    assert not is_plain(f"Words: so.\nÉtat, l’autre.{sign}Words")


def test_most_texts_are_words_alone():
    assert is_plain("Four in ten: no reply (at all)!\nÉtat « neuf », it’s 50 % – so-so; why?\n\nNext 3 #1.")


PIECES = ["«", "« ", "é", "& < > ", "« [a](https://example.org/b?c=1&d=2) & b » ", "`a & b` "]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("length", [1990, 2010, 9000])
def test_a_long_stretch_of_text_is_cleaned_as_a_short_one_is(piece, length, monkeypatch):
    text = f"- {piece * (length // len(piece))}\n"
    parted = read(text), words(read(text)), plain(read(text))
    monkeypatch.setattr(markdown, "_parted", lambda html: html)
    assert parted == (read(text), words(read(text)), plain(read(text)))
