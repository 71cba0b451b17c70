"""Columns for what people write, kept in one form however it was typed."""

from django.db import models

from config.folding import as_line, as_prose


class Line(models.CharField):
    """One line of text: accents composed, no line end, and empty where nothing can be seen."""

    def to_python(self, value):
        text = super().to_python(value)
        return text and as_line(text)

    def get_prep_value(self, value):
        text = super().get_prep_value(value)
        return as_line(text) if isinstance(text, str) else text

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

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
