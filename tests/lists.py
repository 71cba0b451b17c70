"""What a list shows, for tests of finding."""


def titles(browse, **query):
    """Return the titles of the reports that a visitor finds with `query`."""
    return [row.told["title"] for row in browse().get("/experiences/", query).context["listing"].page.rows]
