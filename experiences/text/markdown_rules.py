"""What we add to markdown-it, so that nothing people write vanishes, and what they paste is read as meant.

Each rule has the signature the library gives to rules of its kind. CommonMark lets these vanish: blocks
nested too deep, cells beyond the header of a table, the word after a fence, definitions of references,
the addresses of images, the numbers of a list that counts in its own way.
"""

import re
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import reference, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.rules_inline import emphasis
from markdown_it.token import Token

DEEPEST = 24  # blocks in blocks: twelve lists, each with an item; what is deeper is shown as it is written
OPTIONS = {
    "html": False,
    "breaks": True,
    "inline_definitions": True,
    "maxNesting": DEEPEST + 4,  # where the library itself drops what is deeper
}
SCHEMES = ("http://", "https://", "mailto:")
_links_only = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
_SITE = re.compile(r"www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]", re.IGNORECASE)
_BARE = re.compile(r"(?:https?://|www\.)[^\W_][^\s<>\[\]`|\"“”«»]*", re.IGNORECASE)
_BEHIND = "?!.,:;*_~'’…"  # ends a sentence, or emphasis, rather than an address
# Bullets of word processors; those of Symbol and Wingdings have no letters but private ones.
_BULLETS = "•·∙◦▪▫■□●○‣⁃➢➤►▶❖♦\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf071\uf0a8\uf02d"
# A letter is a bullet before a tab, and where it is the only one: else it may be a cell.
_PASTED = re.compile(
    rf"^([ \t>]*)(?:[{_BULLETS}][ \t\xa0]*|[–§][ \t\xa0]+|o\t(?=[^\t]*$))(?=\S)(?=.*\w)", re.MULTILINE
)
_FENCE = re.compile(r"[ \t>]*(?P<mark>`{3,}|~{3,})")


def reader():
    """Return a MarkdownIt with these rules."""
    markdown = MarkdownIt("commonmark", OPTIONS)
    markdown.enable(["table", "strikethrough"]).disable("code")  # A tab begins a paragraph, not code.
    normalize = markdown.normalizeLink
    markdown.normalizeLink = lambda url: normalize(with_scheme(url))
    markdown.validateLink = lambda url: is_address(url) or not _ABSOLUTE.match(url)
    markdown.core.ruler.after("normalize", "pasted_bullets", pasted_bullets)
    for rule in (lower_headings, written_numbers, show_fences, show_definitions):
        markdown.core.ruler.before("inline", rule.__name__, rule)
    markdown.core.ruler.push("show_links", show_links)
    markdown.block.ruler.before("table", "too_deep", too_deep)
    markdown.block.ruler.at("table", whole_table, {"alt": ["paragraph", "reference"]})
    markdown.block.ruler.at("reference", reference_to_address)
    markdown.inline.ruler.before("newline", "bare_address", bare_address)
    for letter in "hHwW":
        markdown.inline.add_terminator_char(letter)
    markdown.inline.ruler.at("emphasis", emphasis_of_words)
    return markdown


# --- Addresses --------------------------------------------------------------------------------------


def with_scheme(address):
    """Return the address of a site with its scheme, where people left it out."""
    return f"https://{address}" if _SITE.match(address) else address


def is_address(url):
    """Whether a link may lead there: the web, mail, or a page of ours. What may not is shown as written."""
    if not url.lower().startswith(SCHEMES):
        return is_own_path(url)
    return "href" in _links_only.clean(f'<a href="{escape(url)}">')  # http://x.0 is none.


def is_own_path(url):
    return url.startswith("/") and url[1:2] not in ("/", "\\")


def bare_address(state, silent):
    """Make a link of an address that stands in a text."""
    before = state.src[state.pos - 1] if state.pos else " "
    if state.linkLevel or before.isalnum() or before in "@./-":
        return False
    found = _BARE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    written = without_what_follows(found.group())
    address = unescapeAll(written)
    url = state.md.normalizeLink(address)
    if not silent and is_address(url):
        _push_link(state, url, address)
    elif not silent:
        state.append_pending(written)
    state.pos += len(written)
    return True


def without_what_follows(address):
    """Return `address` without the signs of the sentence around it; brackets it opens itself are its own."""
    opened, closed, end = address.count("("), address.count(")"), len(address)
    while address[end - 1] in _BEHIND or (address[end - 1] == ")" and closed > opened):
        closed -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def _push_link(state, url, text):
    for token in _link(url, text):
        pushed = state.push(token.type, token.tag, token.nesting)
        pushed.attrs, pushed.content, pushed.info = token.attrs, token.content, token.info


def _link(url, text):
    """Return the tokens of an address that names itself, which the library tells by `info`."""
    opened = Token("link_open", "a", 1, attrs={"href": url, "translate": "no"}, info="auto")
    return [opened, _text(text), Token("link_close", "a", -1, info="auto")]


def _address(markdown, url):
    text = markdown.normalizeLinkText(url)
    return _link(url, text) if is_address(url) else [_text(text)]


def _text(content):
    return Token("text", "", 0, content=content)


# --- Links and images -------------------------------------------------------------------------------


def show_links(state):
    """Make links of images, and show what only a pointer would."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = list(_shown(state.md, token.children))


def _shown(markdown, tokens):
    """Yield `tokens` with each image as a link that its description names.

    Behind a link stand its title, and the titles and addresses of the images in it, which cannot be links;
    behind words that lead nowhere from here (annex.html), that address.
    """
    for opened, inner in _links(tokens):
        if opened is None:
            yield inner[0]
            continue
        url, images = opened.attrs["href"], [token for token in inner if token.type == "image"]
        words = [_words(markdown, token) for token in inner]
        said = any(token.content.strip() for token in words)
        behind = [_address(markdown, token.attrs["src"]) for token in images if token.attrs["src"] != url]
        behind += [[_text(token.attrs.pop("title"))] for token in (opened, *images) if "title" in token.attrs]
        if not said or opened.info == "auto":
            words = words if said else [_text(markdown.normalizeLinkText(url))]
            opened.attrs["translate"] = "no"
        if is_address(url):
            yield from [opened, *words, Token("link_close", "a", -1)]
        else:
            yield from words
            behind[:0] = [_address(markdown, url)] if url and said else []
        yield from _aside(behind)


def _links(tokens):
    """Yield (what opens a link, the tokens in it); (None, [token]) for each token outside of links."""
    opened, inner = None, []
    for token in tokens:
        if token.type == "link_open":
            opened, inner = token, []
        elif token.type == "link_close":
            yield opened, inner
            opened = None
        elif opened:
            inner.append(token)
        elif token.type == "image":
            yield Token("link_open", "a", 1, attrs={"href": token.attrs["src"]}), [token]
        else:
            yield None, [token]


def _words(markdown, token):
    """Return `token`, or the words that describe an image; with links in them, as they are written."""
    if token.type != "image":
        return token
    children = token.children or []
    if any(child.type in ("link_open", "image") for child in children):
        return _text(token.content)
    return _text(markdown.renderer.renderInlineAsText(children, markdown.options, {}))


def _aside(notes):
    for number, tokens in enumerate(notes):
        yield _text("; " if number else " (")
        yield from tokens
    if notes:
        yield _text(")")


# --- Blocks -----------------------------------------------------------------------------------------


def pasted_bullets(state):
    """Make a list of lines that begin with the bullet of a word processor, but in code."""
    if not _PASTED.search(state.src):
        return
    lines, fence = [], ""
    for line in state.src.split("\n"):
        fence = fence_after(fence, line)
        lines.append(line if fence else _PASTED.sub(r"\1- ", line))
    state.src = "\n".join(lines)


def fence_after(fence, line):
    """Return the mark by which code is open behind `line`, where `fence` was open before; "" for none."""
    if ">" in fence and not line.lstrip().startswith(">"):
        fence = ""  # The quotation is over, and its code with it.
    found = _FENCE.match(line)
    if not found:
        return fence
    mark, behind = found[0], line[found.end() :]
    if not fence:
        return "" if "`" in mark and "`" in behind else mark
    closes = found["mark"].startswith(fence.lstrip(" \t>")) and (">" in mark) == (">" in fence)
    return "" if closes and not behind.strip() else fence


def too_deep(state, begun, end, silent):
    """Show what is nested deeper than DEEPEST as it is written, a paragraph up to the next empty line."""
    if silent or state.level < DEEPEST:
        return False
    last = begun + 1
    while last < end and not state.isEmpty(last) and not 0 <= state.sCount[last] < state.blkIndent:
        last += 1
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(begun, last, state.blkIndent, False).strip()
    inline.map, inline.children = [begun, last], []
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True


def whole_table(state, begun, end, silent):
    """Read a table with the cells that a row has beyond the header; the library drops them."""
    first = len(state.tokens)
    if not table(state, begun, end, silent):
        return False
    columns = sum(token.type == "th_open" for token in state.tokens[first:])
    tokens, state.tokens[first:] = state.tokens[first:], []
    for token in tokens:
        token.attrs.pop("style", None)
        if token.type == "tr_open":
            line = token.map[0]
        elif token.type == "tr_close" and line > begun:
            state.tokens += _cells(_split(getLine(state, line))[columns:])
        state.tokens.append(token)
    return True


def _split(line):
    """Return the cells of a line, as the library does."""
    cells = escapedSplit(line.strip(" \t\r\n"))
    first, last = cells[0] == "", len(cells) > 1 and cells[-1] == ""
    return cells[first : len(cells) - last]


def _cells(texts):
    for text in texts:
        yield Token("td_open", "td", 1, block=True)
        yield Token("inline", "", 0, content=text.strip(), children=[], block=True)
        yield Token("td_close", "td", -1, block=True)


def reference_to_address(state, begun, end, silent):
    """Read the definition of a reference to an address; “[Note]: Important” and “[^1]: …” are paragraphs."""
    known = len(state.env.get("references", ()))
    if state.src.startswith("[^", state.bMarks[begun] + state.tShift[begun]):
        return False
    if not reference(state, begun, end, silent) or silent:
        return False
    if is_address(state.tokens[-1].meta["url"]):
        return True
    state.tokens.pop()
    if len(state.env["references"]) > known:
        state.env["references"].popitem()
    state.line = begun
    return False


# --- Blocks that were read --------------------------------------------------------------------------


def lower_headings(state):
    """The page has its own h1 and h2."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"


def written_numbers(state):
    """Number a list as it is written: a page counts on from its first item. All ones count by themselves."""
    lists = []
    for token in state.tokens:
        if token.type == "ordered_list_open":
            lists.append([token.attrs.get("start", 1)] * 2)
        elif token.type == "ordered_list_close":
            lists.pop()
        elif token.type == "list_item_open" and token.info:
            first, due = lists[-1]
            number = int(token.info)
            if number != due and not number == first <= 1:
                token.attrs["value"] = due = number
            lists[-1][1] = due + 1


def show_fences(state):
    """Show the words behind the marks that open code: they may be its first line."""
    for token in state.tokens:
        if token.type == "fence" and token.info.strip():
            token.content = f"{unescapeAll(token.info).strip()}\n{token.content}"
            token.info = ""


def show_definitions(state):
    """Show the definition of a reference where it stands, whether or not anything refers to it."""
    tokens, state.tokens = state.tokens, []
    for token in tokens:
        if token.type != "definition":
            state.tokens.append(token)
            continue
        told = token.meta
        title = f' "{told["title"]}"' if told["title"] else ""
        content = f"[{told['label']}]: {state.md.normalizeLinkText(told['url'])}{title}"
        state.tokens += [
            Token("paragraph_open", "p", 1, block=True),
            Token("inline", "", 0, content=content, children=[], block=True),
            Token("paragraph_close", "p", -1, block=True),
        ]


# --- In a line --------------------------------------------------------------------------------------


def emphasis_of_words(state, silent):
    """Read emphasis, which does not begin within a word: “les contributeur*ices”, 2*3, 2**10."""
    begun = state.pos
    if not emphasis.tokenize(state, silent):
        return False
    around = state.src[begun - 1 : begun] + state.src[state.pos : state.pos + 1]
    number = state.pos - begun
    if len(around) == 2 and around.isalnum() and (number == 1 or around.isdigit()):
        for delimiter in state.delimiters[-number:]:
            delimiter.open = False
    return True
