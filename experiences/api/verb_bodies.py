"""The words that verbs take in JSON, as forms/verb_forms.py has them for pages."""

from config.rest import fields
from config.rest.serializers import Serializer
from experiences.api.fields import Stakes
from experiences.models import Experience, Flag


class NoteSerializer(Serializer):
    """The sentence that says why, which many verbs take."""

    note = fields.Text(default="")
    needed = ("note",)


class OptionalNoteSerializer(Serializer):
    """A sentence that may be left out."""

    note = fields.Text(default="")


class ReturnSerializer(Serializer):
    reason = fields.Choice(Experience.ReturnReason.values, blank=True, default="")
    note = fields.Text(default="")
    needed = ("reason", "note")


class StakesSerializer(Serializer):
    stakes = Stakes()


class FlagSerializer(Serializer):
    reason = fields.Choice(Flag.Reason.values, blank=True, default="")
    note = fields.Text(Flag._meta.get_field("note"), default="")
    needed = ("reason",)
    example = {"reason": "identifies", "note": "The second paragraph names a client."}


class WithholdSerializer(Serializer):
    words = fields.Text(default="", help_text="A word or passage on each line, whole, as the report has it.")
    note = fields.Text(default="", help_text="Why, in a sentence: the author reads it.")
    needed = ("words", "note")
    example = {"words": "Acme\nthe harbour office", "note": "They name a client."}


class LinkSerializer(Serializer):
    other = fields.Text(default="", help_text="The address or the id of the other report.")
    needed = ("other",)
