"""What of a row matches the words asked for: shown beside it in lists, and given by the API."""

from dataclasses import dataclass

from experiences.text import markdown

WHOLE_TITLE = 1000  # characters


@dataclass(frozen=True)
class Match:
    """The title and the part of the texts with most of the words, as safe HTML with these in <mark>, "" where
    they have none; and the words asked for that the row lacks.
    """

    title: str
    snippet: str
    missing: list


def match_of(query, title, texts, missing):
    """Return the Match of a row: of its `texts`, plain, the first that has any of the words is shown."""
    found = (query.marked(text) for text in texts)
    return Match(query.marked(title, WHOLE_TITLE), next(filter(None, found), ""), missing)


def plain_texts(html, names):
    """Return, without their marks, those of the rendered texts `html` that have any of `names`, in order."""
    return [markdown.plain(html[name]) for name in names if html.get(name)]
