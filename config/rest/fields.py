"""The types of JSON values: each field checks its type, and leaves the rest to the model.

Every field that takes something has a `shape`, from which the description of the API is made.
"""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from config.rest.problems import as_details
from config.rest.shapes import DAY, TEXT, TRUTH, WHOLE


class Value(serializers.Field):
    """A value of one JSON type: `column` is where it is kept, `schema` what else to say of its shape."""

    json_type = {}

    def __init__(self, column=None, schema=None, **kwargs):
        self.column, self.schema = column, schema or {}
        super().__init__(**kwargs)

    @property
    def shape(self):
        return self.json_type | self.schema

    def to_representation(self, value):
        return value


class Text(Value):
    """A string; outer white space is dropped, as forms do."""

    json_type = TEXT
    default_error_messages = {"type": gettext_lazy("This must be a text.")}

    @property
    def shape(self):
        longest = getattr(self.column, "max_length", None)
        return super().shape | ({"maxLength": longest} if longest else {})

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("type")
        return data.strip()


class Choice(Text):
    """A value of a closed list short enough to be named whole."""

    def __init__(self, choices, blank=False, **kwargs):
        self.choices, self.blank = [value for value in choices if value != ""], blank
        super().__init__(**kwargs)

    @property
    def shape(self):
        may_be_empty = self.blank and self.field_name not in self.parent.needed
        return TEXT | {"enum": [*self.choices, ""] if may_be_empty else self.choices}

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if value not in self.choices and not (self.blank and value == ""):
            raise not_on_list(value, self.choices)
        return value


def not_on_list(value, allowed):
    """Return the refusal that forms word, with what may stand there."""
    text = str(forms.ChoiceField.default_error_messages["invalid_choice"]) % {"value": value[:60]}
    text += " " + _("Choose among: %(allowed)s.") % {"allowed": ", ".join(allowed)}
    return serializers.ValidationError(text, code="invalid_choice")


class Whole(Value):
    """A whole number; never a text, a fraction or a truth value."""

    json_type = WHOLE
    default_error_messages = {"type": forms.IntegerField.default_error_messages["invalid"]}

    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("type")
        return data


class Truth(Value):
    json_type = TRUTH
    default_error_messages = {"type": gettext_lazy("This must be true or false.")}

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("type")
        return data


class DayField(Value):
    """A date as ISO text; whether it is one is its column's to say."""

    json_type = DAY
    default_error_messages = Text.default_error_messages

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("type")
        if not data.strip():
            return None
        try:
            return self.column.to_python(data.strip())
        except ValidationError as refusal:
            raise serializers.ValidationError(as_details(refusal)[NON_FIELD_ERRORS]) from None

    def to_representation(self, value):
        return value.isoformat()


def strings(data):
    """Return `data` if it is a list of texts, each once; else refuse it."""
    if not isinstance(data, list) or not all(isinstance(value, str) for value in data):
        raise serializers.ValidationError(_("This must be a list of texts."), code="type")
    return list(dict.fromkeys(value.strip() for value in data))


def objects(data, keys):
    """Return `data` if it is a list of objects with no other keys than `keys`; else refuse it."""
    if not isinstance(data, list) or not all(isinstance(value, dict) for value in data):
        raise serializers.ValidationError(_("This must be a list of objects."), code="type")
    for number, value in enumerate(data, 1):
        for key in value:
            if key not in keys:
                text = _("%(number)s. There is no key “%(key)s” here. Choose among: %(allowed)s.")
                values = {"number": number, "key": key[:60], "allowed": ", ".join(keys)}
                raise serializers.ValidationError(text % values, code="unknown")
    return data
