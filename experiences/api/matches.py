"""What of an item matches the words of ?q=, in JSON."""

from config.rest.shapes import TEXT, many, thing

MATCH = thing(
    title=TEXT | {"description": "HTML: its title with the words in <mark>; empty without any."},
    snippet=TEXT | {"description": "HTML: the part of its texts with most of the words, these in <mark>."},
    missing=many(TEXT) | {"description": "The words of ?q= that it does not have."},
) | {"description": "Given with ?q=: how it matches."}


def match_data(context, key):
    """Return {"match": how the row `key` matches}, where words were looked for; {} otherwise."""
    match = context.get("matches", {}).get(key)
    return {"match": vars(match)} if match else {}
