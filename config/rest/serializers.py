"""Serializers that obey the model.

The model is the rule. A serializer checks the type of each JSON value and names what it does not
know; everything else is judged by the model's own `full_clean()`, so that the API refuses what the
form refuses, in the same words.
"""

import copy

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.utils.field_mapping import ClassLookupDict

from config.rest.fields import Choice, DayField, Text, Truth, Whole
from config.rest.problems import as_details


class KnownFields:
    """Refuse body fields that are not listed; the read-only ones are passed over.

    So what GET answered can be sent back by PUT, and a misspelt field is never lost in silence.
    """

    needed = ()  # What may be left out as far as types go; but the verb refuses, in its own words.
    example = None  # A body that is taken, for the description.

    def to_internal_value(self, data):
        errors = {}
        if isinstance(data, dict):
            errors = {
                str(name)[:60]: [
                    exceptions.ErrorDetail(
                        _("There is no field “%(name)s” here.") % {"name": str(name)[:60]}, "unknown"
                    )
                ]
                for name in data
                if name not in self.fields
            }
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            errors |= self.keyed_like_the_form(refusal.detail)
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def keyed_like_the_form(self, errors):
        """Return `errors` with those of nested values under the names the form has for them."""
        keyed = {}
        for name, detail in errors.items():
            keyed |= detail if isinstance(detail, dict) else {name: detail}
        return keyed


class Serializer(KnownFields, serializers.Serializer):
    """What a verb takes: types are checked here, the verb judges the values."""


class ModelSerializer(KnownFields, serializers.ModelSerializer):
    """A serializer that judges by the model: `full_clean()` on a copy, then `write(by=)`.

    A copy, so that a refused request leaves the instance alone.
    """

    serializer_field_mapping = {
        models.DateField: DayField,
        models.BooleanField: Truth,
        models.IntegerField: Whole,
        models.Field: Text,
    }
    unseen = ()  # Columns that the verb fills, not the request.
    parts_class = None  # What `obj.parts` takes; its fields are those not on columns.
    parts_fields = ()

    def build_standard_field(self, field_name, model_field):
        kwargs = {"required": False, "allow_null": model_field.null, "column": model_field}
        if model_field.choices:
            values = [value for value, _label in model_field.flatchoices]
            return Choice, kwargs | {"choices": values, "blank": model_field.blank}
        return ClassLookupDict(self.serializer_field_mapping)[model_field], kwargs

    def get_validators(self):
        return []  # Uniqueness is judged by full_clean(), like everything else.

    def validate(self, attrs):
        candidate = copy.copy(self.instance) if self.instance else self.Meta.model()
        try:
            self.fill(candidate, attrs).full_clean(exclude=self.unseen)
        except ValidationError as refusal:
            raise serializers.ValidationError(as_details(refusal)) from None
        return attrs

    def fill(self, row, attrs):
        """Put the given values on `row`: columns, and parts beside them."""
        parts = {}
        for name, value in attrs.items():
            if name in self.parts_fields:
                parts[name] = value
            else:
                setattr(row, name, value)
        if self.parts_class:
            row.parts = self.parts_class(**parts)
        return row

    def save(self, *, by, **columns):
        """Write what was validated, by the model's own verb; `columns` come from the door itself."""
        row = self.instance or self.Meta.model()
        self.fill(row, {**self.validated_data, **columns})
        self.instance = row.write(by=by)
        return self.instance
