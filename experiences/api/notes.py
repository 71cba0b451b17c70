"""The sentence that says why, which many verbs take."""

from config.rest import fields
from config.rest.serializers import Serializer


class NoteSerializer(Serializer):
    note = fields.Text(default="")
    needed = ("note",)
