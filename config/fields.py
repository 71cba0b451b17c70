"""Columns for what people write, kept in one form however it was typed, and their fields in a form."""

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models

from config.folding import as_line, as_prose
from config.text import validate_storable


class WrittenField(forms.CharField):
    """Words in a form, brought into the form in which they are kept before they are measured and judged: a
    line end, which browsers send as two characters, is one.
    """

    def __init__(self, *, kept=as_line, **kwargs):
        self.kept = kept
        super().__init__(**kwargs)
        # What cannot be stored is refused in the words of all doors.
        own = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]
        self.validators = own if validate_storable in own else [*own, validate_storable]

    def to_python(self, value):
        return self.kept(super().to_python(value))


class Line(models.CharField):
    """One line of text: accents composed, no line end, and empty where nothing can be seen."""

    def to_python(self, value):
        text = super().to_python(value)
        return text and as_line(text)

    def get_prep_value(self, value):
        text = super().get_prep_value(value)
        return as_line(text) if isinstance(text, str) else text

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": WrittenField, "kept": as_line} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Prose(models.TextField):
    """A text of many lines: accents composed, one kind of line end, and empty where nothing can be seen."""

    def to_python(self, value):
        text = super().to_python(value)
        return text and as_prose(text)

    def get_prep_value(self, value):
        text = super().get_prep_value(value)
        return as_prose(text) if isinstance(text, str) else text

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": WrittenField, "kept": as_prose} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
