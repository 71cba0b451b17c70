"""The texts of a site as they are shipped: Markdown, true of what the program does, with the facts that only
those who run the site know by name, in braces.

Whoever changes what a page stores, sets or sends changes `privacy` here; whoever changes `terms` gives them
another date.
"""

from datetime import date
from functools import cache
from pathlib import Path

SHIPPED_ON = date(2026, 11, 28)  # of all of them
FOLDER = Path(__file__).parent


def shipped_on():
    return SHIPPED_ON


@cache
def shipped(kind, language):
    """Return the shipped text of this kind."""
    return (FOLDER / f"{kind}.{language}.md").read_text(encoding="utf-8").strip()
