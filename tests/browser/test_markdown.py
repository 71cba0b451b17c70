"""A report with all that widens a page, on a phone in French and on a desk in English, light and dark."""

import pytest

from experiences.models import Experience
from tests.browser.conftest import assert_accessible
from tests.conftest import CORPUS
from tests.factories import make_report

pytestmark = pytest.mark.browser
WINDOWS = [("fr-FR", 360), ("en-GB", 1280)]
WIDE = """| before | after | a very wide column | another very wide column | one more |
|---|---|---|---|---|
| 1 | 2 | {long} | {long} | c |

```
{long}{long} {long}
```

`{long}{long}` and https://example.org/{long}{long}

> > > {long}{long}

{long}{long}{long}
"""
DEEP = "\n".join(f"{'  ' * level}- level {level} {'w' * 40}" for level in range(16))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "width"), WINDOWS)
def test_nothing_widens_the_page(open_page, ana, carol, locale, width, theme):
    report = make_report(ana, carol, situation=WIDE.format(long="a" * 48), action=DEEP)
    page = open_page(locale=locale, width=width, theme=theme)
    page.goto(report.get_absolute_url())
    assert_accessible(page)
    table = page.locator(".prose table")
    assert table.bounding_box()["width"] <= width
    if width < 500:  # It scrolls by itself, with the keyboard too.
        assert table.evaluate("it => it.scrollWidth > it.clientWidth")
        table.focus()
        page.keyboard.press("ArrowRight")
        moved = (table.evaluate("it => it.scrollLeft") or page.wait_for_timeout(20) for _turn in range(200))
        assert any(moved)


@pytest.mark.corpus
@pytest.mark.parametrize(("locale", "width"), WINDOWS)
def test_the_cases_that_failed_fit_the_screen(open_page, ana, carol, locale, width):
    nested, lost = (
        (CORPUS / "cases" / name).read_text() for name in ("06a-nested-list.md", "06b-markdown.md")
    )
    report = make_report(ana, carol, situation=lost, action=nested)
    change = Experience.objects.get(pk=report.pk)
    change.situation = lost.replace("example.org/page", "example.org/elsewhere").replace(
        "Monday", "**Tuesday**"
    )
    change.write(by=ana)
    page = open_page(locale=locale, width=width)
    for address in (report.get_absolute_url(), f"{report.get_absolute_url()}history/"):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.get_by_text("(https://www.example.org/elsewhere)").count() == 1
    assert page.locator(".words").inner_text().count("**") == 0
