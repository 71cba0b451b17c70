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


class Written:
    """What columns for words share: they are kept, and measured in forms, as `kept` makes them.

    In the database and in migrations it is the column of Django that it is made of.
    """

    kept, column = None, ""

    def to_python(self, value):
        text = super().to_python(value)
        return text and self.kept(text)

    def get_prep_value(self, value):
        text = super().get_prep_value(value)
        return self.kept(text) if isinstance(text, str) else text

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": WrittenField, "kept": self.kept} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, self.column, args, kwargs


class Line(Written, models.CharField):
    """One line of text: accents composed, no line end, and empty where nothing can be seen."""

    kept, column = staticmethod(as_line), "django.db.models.CharField"


class Prose(Written, models.TextField):
    """A text of many lines: accents composed, one kind of line end, and empty where nothing can be seen."""

    kept, column = staticmethod(as_prose), "django.db.models.TextField"
