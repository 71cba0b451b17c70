"""The words that verbs of a practice take in JSON, as forms.py has them for pages."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from config.rest import fields
from config.rest.serializers import Serializer
from experiences.api.fields import asker
from practices.models import Practice


class HeirField(fields.Text):
    """The id of the practice that takes the place of another; none, when it is left out or null."""

    def to_internal_value(self, data):
        slug = super().to_internal_value(data)
        if not slug:
            return None
        found = Practice.objects.visible_to(asker(self.context)).filter(slug=slug[:80]).first()
        if found is None:
            raise serializers.ValidationError(_("There is no practice with this id."))
        return found


class LowerSerializer(Serializer):
    reason = fields.Text(
        Practice._meta.get_field("lowered_reason"),
        default="",
        help_text="In a sentence; left empty, the computed grade is given back.",
    )


class RetireSerializer(Serializer):
    heir = HeirField(default=None, allow_null=True)
    note = fields.Text(Practice._meta.get_field("retired_reason"), default="")
