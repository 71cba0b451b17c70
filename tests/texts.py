"""Texts that break things: what people, word processors, spreadsheets and attackers write."""

from hypothesis import strategies as st

# A text file or a page can carry all of these; NUL is refused in words, at every door.
PLAIN = ["word", "été", "x", "7", " ", "  ", "\n", "\n\n", "the end."]
BLANKS = [
    "\t",
    "\r",
    "\r\n",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "\u00a0",
    "\u202f",
    "\u3000",
    "\x1c",
]
UNSEEN = ["\u200b", "\u00ad", "\u2060", "\ufeff", "\ufe0f", "\u202e", "\u2066", "\U000e0041", "\u3164"]
CONTROLS = ["\x01", "\x07", "\x1b[31m", "\x7f", "\x9f", "\ufdd0", "\uffff", "\U0001ffff"]
# Accents, syllables and pictures of several characters, some of which composing joins.
PARTED = [
    "e\u0301",
    "\u0301",
    "a\u0323\u0302",
    "\u1100",
    "\u1161",
    "İ",
    "ß",
    "ﬁ",
    "日本",
    "عربي",
    "🎉",
    "👩\u200d🔧",
]
SHEETS = ["=1+1", "+1", "-1", "@x", "'", "''=", '"', '""', ";", ",", "\\", "\\;", "\\,", "|", "sep=;", "\t="]
MARKDOWN = [
    "\n## Result\n", "\n**Result**\n", "\nRésultat\n---\n", "\n- ", "\n1. ", "\n> ", "*", "_", "`", "\n---\n",
    "\n...\n",
    "[x](javascript:1)", "[^1]", "\n| a | b |\n|---|---|\n", "    ", "# ", "\n```\n", "~~~",
]  # fmt: skip
CODE = [
    "<script>alert(1)</script>",
    "<!--",
    "]]>",
    "&amp;",
    "&#0;",
    "{{ 7*7 }}",
    "{% if %}",
    "%s",
    "%00",
    "\\u0000",
]
YAML = [": ", " #", "null", "true", "2025-03-01", "1e3", "*x", "&x", "!!python/none", "[", "{"]
PIECES = [*PLAIN, *BLANKS, *UNSEEN, *CONTROLS, *PARTED, *SHEETS, *MARKDOWN, *CODE, *YAML]


def texts(most=12):
    """Return a strategy of texts made of hostile pieces and of what Unicode has besides, without NUL."""
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
    return st.lists(st.one_of(st.sampled_from(PIECES), anything), max_size=most).map("".join)
