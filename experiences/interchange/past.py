"""What a file tells of the past of a report: what became of it later, and the stakes its author chose.

An export gives both, and both come back with it. What a moderator hid or removed does not.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from config.rest import fields
from config.rest.problems import as_details
from experiences.api.fields import Stakes
from experiences.interchange.base import flattened
from experiences.models import FollowUp
from experiences.models.report.parts import Parts, too_many

NAMES = ("follow_ups", "author_stakes")
KEYS = ("id", "moderation", "told_on", "verdict", "text")
MOST_FOLLOW_UPS = 100


def judged(data, record):
    """Take NAMES out of `data`; return what storing.Brought takes, and [(field, code, message)]."""
    told, wrong = {}, []
    for name, judge in (("follow_ups", _follow_ups), ("author_stakes", _stakes)):
        given = data.pop(name, None)
        if not given:
            continue
        try:
            told[name] = judge(given, record)
        except serializers.ValidationError as refusal:
            wrong += flattened(refusal.detail, name)
        except ValidationError as refusal:
            wrong += flattened(as_details(refusal).get("__all__", []), name)
    return told, wrong


class Chosen(serializers.Serializer):
    stakes = Stakes()


def _stakes(given, record):
    chosen = Chosen(data={"stakes": given}, context={"takes_retired": True})
    if not chosen.is_valid():
        raise serializers.ValidationError(chosen.errors["stakes"])
    stakes = chosen.validated_data["stakes"]
    if wrong := Parts(stakes=stakes).errors():
        raise ValidationError(wrong["stakes"])
    return [stake.slug for stake in stakes]


def _follow_ups(given, record):
    rows = fields.objects(given, KEYS)
    if len(rows) > MOST_FOLLOW_UPS:
        raise too_many(MOST_FOLLOW_UPS)
    shown = [row for row in rows if row.get("moderation") in (None, "", FollowUp.Moderation.SHOWN)]
    if len(shown) < len(rows):
        record.remarks.append(_("what a moderator hid or removed among follow-ups was left out"))
    found, wrong = [], []
    for row in rows:
        try:
            found.append(_follow_up(row))
            wrong.append({})
        except ValidationError as refusal:
            wrong.append(as_details(refusal))
    if any(wrong):
        raise serializers.ValidationError(wrong)
    return [one for one, row in zip(found, rows, strict=True) if row in shown]


def _follow_up(row):
    texts = {name: row.get(name, "") for name in ("told_on", "verdict", "text")}
    if wrong := [name for name, text in texts.items() if not isinstance(text, str)]:
        raise ValidationError(
            {name: ValidationError(_("This must be a text."), code="type") for name in wrong}
        )
    follow_up = FollowUp(verdict=texts["verdict"], text=texts["text"].strip(), told_on=_day(texts["told_on"]))
    follow_up.clean_fields(exclude=["report", "public_id"])
    follow_up.clean()
    return follow_up


def _day(text):
    """Return a day; of one whose name is withheld, exports tell the month alone."""
    text = text.strip()
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == len("2025-03") else text)
    except ValueError:
        raise ValidationError(
            {"told_on": _("This is not a day. Write it as year, month and day, such as 2025-03-14.")}
        ) from None
