"""Words that are withheld, for programs of moderators: what would change, and what was there."""

from config.rest.pages import page_shape
from config.rest.shapes import DAY, TEXT, WHOLE, component, many, one_of, thing
from experiences.api.fields import BYLINE
from experiences.redaction_summary import passages, summarise


def preview_data(redaction, text):
    """Return what withholding would change; `text` is what the report says today."""
    return summarise(redaction, text) | {"passages": passages_data(redaction.original)}


def withheld_data(redaction):
    """Return words that were withheld and are still kept."""
    return {
        "withheld_on": redaction.at.date().isoformat(),
        "by": {"name": str(redaction.by)} if redaction.by else None,
        "note": redaction.note,
        "passages": passages_data(redaction.original),
    }


def passages_data(original):
    return [
        {"where": str(where), "pieces": [{"kind": kind, "text": text} for kind, text in pieces]}
        for where, pieces in passages(original)
    ]


@component("WithholdingPreview")
def preview_shape():
    return thing(
        places=WHOLE | {"description": "In how many places the words stand."},
        unfound=many(TEXT) | {"description": "What stands nowhere."},
        longer=many(TEXT) | {"description": "Longer words that hold one of these, and would stay."},
        passages=many(passage_shape),
    )


@component("Withheld")
def withheld_shape():
    by = BYLINE | {"description": "Null once they have left."}
    return thing(withheld_on=DAY, by=by, note=TEXT, passages=many(passage_shape))


# One for reports and practices.
withheld_list_shape = page_shape(withheld_shape)


@component("Passage")
def passage_shape():
    piece = thing(kind=one_of(["same", "del", "ins"]), text=TEXT)
    return thing(
        where=TEXT | {"description": "Where it stands, in words."},
        pieces=many(piece) | {"description": "“del” goes, “ins” comes, “same” stands around them."},
    )
