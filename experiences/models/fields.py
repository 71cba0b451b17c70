"""Fields for what people write: bounded, never null, and free of what no database keeps."""

import re
from calendar import monthrange

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from config import fields as text_fields
from config.text import validate_storable

LONGEST = 80_000  # characters
LARGEST = 2**31 - 1
PUBLIC_ID_LENGTH = 12  # characters


class Named:
    """A column that migrations name by this module."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, f"{__name__}.{type(self).__name__}", args, kwargs


class Line(Named, text_fields.Line):
    """One line of text."""

    default_validators = [validate_storable]


class Prose(Named, text_fields.Prose):
    """Markdown of at most 80,000 characters."""

    default_validators = [validate_storable]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("max_length", LONGEST)
        super().__init__(*args, **kwargs)
        self.validators.append(MaxLengthValidator(self.max_length))


class Amount(models.PositiveIntegerField):
    """A number that every database can hold, so that all refuse the same."""

    @cached_property
    def validators(self):
        return [MinValueValidator(0), MaxValueValidator(LARGEST)]

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs


class Position(models.PositiveSmallIntegerField):
    """A place in an order, small enough for every database, so that all refuse the same."""

    @cached_property
    def validators(self):
        return [MinValueValidator(0), MaxValueValidator(2**15 - 1)]

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveSmallIntegerField", args, kwargs


def public_id():
    """Return 12 random characters without look-alikes: an address that says nothing of order."""
    return get_random_string(PUBLIC_ID_LENGTH, "abcdefghjkmnpqrstuvwxyz23456789")


def month_end(moment):
    """Return the last second of the month of `moment`: all that may be told of what was withheld."""
    last = monthrange(moment.year, moment.month)[1]
    return moment.replace(day=last, hour=23, minute=59, second=59, microsecond=0)


class Month(models.DateField):
    """A month, kept as its first day; reads "2025-03", a date, or "2025-03-14" (the day is dropped)."""

    default_error_messages = {
        "invalid": _("This is not a month. Write it as year and month, such as 2025-03."),
        "invalid_date": _("This is not a month. Write it as year and month, such as 2025-03."),
    }

    def to_python(self, value):
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}", value):
            value = f"{value}-01"
        day = super().to_python(value)
        return day and day.replace(day=1)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": MonthFormField, **kwargs})


class MonthsInOrder(models.CheckConstraint):
    """The report ends no earlier than it starts; the database keeps it, and is not asked to judge it."""

    def validate(self, model, instance, exclude=None, using=None):
        start, end = instance.started_on, instance.ended_on
        if {"started_on", "ended_on"} & set(exclude or ()) or not (start and end):
            return
        if end < start:
            refusal = ValidationError(self.get_violation_error_message(), code=self.violation_error_code)
            raise ValidationError({"ended_on": refusal})

    def deconstruct(self):
        _path, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs


class SeveralOf(models.JSONField):
    """A list of values of `choices`, a TextChoices: each once, and in their order."""

    def __init__(self, choices=None, **kwargs):
        self.several = choices
        super().__init__(**{"default": list, "blank": True} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def clean(self, value, model_instance):
        unknown = [one for one in value if one not in self.several.values]
        if unknown:
            text = forms.ChoiceField.default_error_messages["invalid_choice"]
            raise ValidationError(text, code="invalid_choice", params={"value": str(unknown[0])[:60]})
        return [one for one in self.several.values if one in value]

    def formfield(self, **_kwargs):
        return forms.MultipleChoiceField(
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
            choices=self.several.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class MonthFormField(forms.DateField):
    """A month in a form: <input type=month>, which old browsers show as text."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "placeholder": "2025-03"})
    input_formats = ["%Y-%m", "%Y-%m-%d"]
    default_error_messages = {
        "invalid": _("This is not a month. Write it as year and month, such as 2025-03."),
    }
