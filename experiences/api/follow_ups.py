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


def follow_up_data(row, report):
    """Return a follow-up; of a withheld report, only its month."""
    withheld = report.identity == report.Identity.WITHHELD
    told_on = row.told_on.strftime("%Y-%m") if withheld else row.told_on.isoformat()
    return {
        "id": row.public_id,
        "moderation": row.moderation,
        "told_on": told_on,
        "verdict": row.verdict,
        "text": row.text,
    }


@component("FollowUp")
def follow_up_shape():
    known = {"id": TEXT, "moderation": one_of(FollowUp.Moderation.values)}
    return thing(**known | properties_of(FollowUpSerializer) | {"told_on": DAY_OR_MONTH})
