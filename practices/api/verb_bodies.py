"""The words that verbs of a practice take in JSON, as forms.py has them for pages."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from config.rest import fields
from config.rest.serializers import Serializer
from config.rest.shapes import SLUGS
from experiences.api.checked import Checked
from experiences.api.fields import asker
from experiences.models import Experience
from experiences.models.report.parts import too_many
from practices import forms
from practices.models import Practice
from practices.models.material import MOST_GATHERED


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


class ReportsField(serializers.Field):
    """Ids of reports, as many as can be read side by side."""

    shape = SLUGS | {"minItems": 1, "maxItems": MOST_GATHERED, "description": "Ids of published reports."}

    def to_internal_value(self, data):
        ids = fields.strings(data)
        if len(ids) > MOST_GATHERED:
            raise too_many(MOST_GATHERED)
        known = Experience.objects.visible_to(asker(self.context)).filter(public_id__in=ids)
        found = {report.public_id: report for report in known}
        if not ids or found.keys() != set(ids):
            raise serializers.ValidationError(_("There is no report with this id."))
        return [found[one] for one in ids]


class GatherSerializer(Serializer):
    experiences = ReportsField()


class LowerSerializer(Checked, Serializer):
    checked = forms.LowerForm.checked
    reason = fields.Text(
        Practice._meta.get_field("lowered_reason"),
        default="",
        help_text="In a sentence; left empty, the computed grade is given back.",
    )


class RetireSerializer(Checked, Serializer):
    checked = forms.RetireForm.checked
    heir = HeirField(default=None, allow_null=True)
    note = fields.Text(Practice._meta.get_field("retired_reason"), default="")
