"""What curators say to each other of a practice, for their programs."""

from config.rest import fields
from config.rest.serializers import Serializer
from config.rest.shapes import DAY, TEXT, WHOLE, component, nullable, properties_of, thing
from experiences.api.fields import BYLINE
from practices.models import Comment


class CommentSerializer(Serializer):
    text = fields.Text(Comment._meta.get_field("text"))
    claim = fields.Whole(
        default=None, allow_null=True, help_text="The claim of the working copy; null for the whole."
    )


def comment_data(comment):
    """Return a comment, as curators alone read it."""
    settled = comment.settled_at
    return {
        "id": comment.pk,
        "claim": comment.claim_id,
        "about": comment.about,
        "text": comment.text,
        "author": {"name": str(comment.by)} if comment.by else None,
        "written_on": comment.at.date().isoformat(),
        "settled_on": settled.date().isoformat() if settled else None,
    }


@component("Comment")
def comment_shape():
    written = properties_of(CommentSerializer)
    return thing(
        id=WHOLE,
        claim=written["claim"],
        about=TEXT | {"description": "The claim as it was worded when the comment was written."},
        text=written["text"],
        author=BYLINE,
        written_on=DAY,
        settled_on=nullable(DAY),
    )
