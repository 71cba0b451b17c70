"""How templates and stylesheets are written: so that a person can review them."""

import re
from collections import Counter
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
STYLESHEETS = sorted((ROOT / "static" / "css").rglob("*.css"))
MOST_COLUMNS = 120
MOST_LINES = 60  # of a template; a stylesheet is as long as it must be


def named(path):
    return str(path.relative_to(ROOT))


def test_no_line_is_over_120_columns():
    long = [
        f"{named(path)}:{number}"
        for path in (*TEMPLATES, *STYLESHEETS)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > MOST_COLUMNS
    ]

    assert long == []


def test_no_template_is_over_60_lines():
    long = [named(path) for path in TEMPLATES if len(path.read_text("utf-8").splitlines()) > MOST_LINES]

    assert long == []


# --- Stylesheets ---------------------------------------------------------------------------------

PART = re.compile(r"([^{};]*)([{};])")


def rules(css):
    """Yield (the at-rules around it, its selector) for each rule of a stylesheet."""
    context = []
    for prelude, end in PART.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if end == "{":
            context.append(" ".join(prelude.split()))
            if not context[-1].startswith("@"):
                yield tuple(context[:-1]), context[-1]
        elif end == "}":
            context.pop()
    assert context == []  # a brace too few nests what follows in what came before


def test_no_rule_of_the_stylesheets_stands_twice():
    found = Counter(rule for path in STYLESHEETS for rule in rules(path.read_text("utf-8")))

    assert [rule for rule, times in found.items() if times > 1] == []


# --- Icons ---------------------------------------------------------------------------------------


def holding(text):
    return [named(path) for path in TEMPLATES if text in path.read_text("utf-8")]


def test_icons_are_drawn_by_one_component():
    assert holding("<use") == ["templates/components/icon.html"]
    assert holding("<symbol") == ["templates/components/sprite.html"]


def test_every_icon_that_is_named_stands_in_the_sprite():
    sprite = (ROOT / "templates" / "components" / "sprite.html").read_text("utf-8")
    symbols = set(re.findall(r'<symbol id="i-([\w-]+)"', sprite))

    drawn = {
        name
        for path in TEMPLATES
        for name in re.findall(r'components/icon\.html" with name="([\w-]+)"', path.read_text("utf-8"))
    }

    assert drawn - {"grade-"} <= symbols
