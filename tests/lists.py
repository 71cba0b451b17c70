"""What a list shows, for tests of finding."""

from django.core.cache import caches


def titles(browse, **query):
    """Return the titles of the reports that a visitor finds with `query`."""
    caches["pages"].clear()  # A page that was kept has no context.
    return [row.told["title"] for row in browse().get("/experiences/", query).context["listing"].page.rows]
