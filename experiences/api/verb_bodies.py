"""The words that verbs take in JSON, as forms/verbs.py has them for pages."""

from config.rest import fields
from config.rest.serializers import Serializer
from experiences.api.fields import Stakes
from experiences.models import Experience


class NoteSerializer(Serializer):
    """The sentence that says why, which many verbs take."""

    note = fields.Text(default="")
    needed = ("note",)


class ReturnSerializer(Serializer):
    reason = fields.Choice(Experience.ReturnReason.values, blank=True, default="")
    note = fields.Text(default="")
    needed = ("reason", "note")


class StakesSerializer(Serializer):
    stakes = Stakes()
