"""What has become of a report, told later by its author."""

from config.rest import fields
from config.rest.serializers import Serializer
from config.rest.shapes import DAY_OR_MONTH, TEXT, component, one_of, properties_of, thing
from experiences.api.checked import Checked
from experiences.models import Experience, FollowUp


class FollowUpSerializer(Checked, Serializer):
    told_on = fields.DayField(FollowUp._meta.get_field("told_on"), default=None)
    verdict = fields.Choice(Experience.Verdict.values)
    text = fields.Text(FollowUp._meta.get_field("text"))


@component("FollowUp")
def follow_up_shape():
    known = {"id": TEXT, "moderation": one_of(FollowUp.Moderation.values)}
    return thing(**known | properties_of(FollowUpSerializer) | {"told_on": DAY_OR_MONTH})
