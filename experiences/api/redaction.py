"""Words that are withheld, for programs of moderators: what would change, and what was there."""

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest.operations import describes
from config.rest.pages import answer_all, page_shape
from config.rest.shapes import DAY, TEXT, WHOLE, component, many, one_of, thing
from experiences.api.fields import BYLINE
from experiences.api.verb_bodies import WithholdSerializer
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


class Withholding:
    """What moderators see of withheld words, for a view of rows that have `quotable_text` and those verbs."""

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows], url_path="withhold/preview")
    @describes(takes=WithholdSerializer, answers=preview_shape)
    def preview_withholding(self, request, **lookup):
        """Read what withholding these words would change, as a moderator; nothing is done yet."""
        row = self.get_object()
        text = row.quotable_text()  # Before: the preview leaves its row as it would be.
        redaction = row.preview_withholding(by=request.user, **self.read_body())
        return Response(preview_data(redaction, text))

    @action(detail=True, methods=["post"], permission_classes=[ScopeAllows])
    @describes(answers=withheld_list_shape)
    def withheld(self, request, **lookup):
        """Look at the words that were withheld and are still kept, as a moderator; the log says so."""
        row = self.get_object()
        self.refuse_body()
        return answer_all([withheld_data(one) for one in row.look_at_withheld(by=request.user)])
