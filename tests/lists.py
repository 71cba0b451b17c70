"""What a list shows, for tests of finding."""


def titles(browse, **query):
    """Return the titles of the reports that a visitor finds with `query`."""
    return [card["report"].title for card in browse().get("/experiences/", query).context["cards"]]
