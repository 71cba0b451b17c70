"""First signs: what one saw before it was plain, each with what it announced.

They are few and short, and are read with their report: a column of rows, where no table is asked for.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Amount, Line
from experiences.models.report.parts import too_many

MOST_SIGNS, LONGEST_SIGN = 5, 300
ROW = {
    "sign": Line(_("what you saw first"), max_length=LONGEST_SIGN),
    "followed_by": Line(_("what followed"), max_length=LONGEST_SIGN, blank=True),
    "weeks": Amount(_("weeks before"), null=True, blank=True),
}
SIGN_KEYS = tuple(ROW)


class FirstSigns(models.JSONField):
    """A list of {sign, followed_by, weeks}, judged row by row."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"default": list, "blank": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def clean(self, value, model_instance):
        if len(value) > MOST_SIGNS:
            raise too_many(MOST_SIGNS)
        rows, wrong = [], []
        for number, given in enumerate(value, 1):
            row = {}
            for name, field in ROW.items():
                try:
                    row[name] = field.clean(given.get(name, field.get_default()), model_instance)
                except ValidationError as error:
                    place = f"{number}. {capfirst(field.verbose_name)}: "
                    wrong += [ValidationError(f"{place}{text}") for text in error.messages]
            rows.append(row)
        if wrong:
            raise ValidationError(wrong)
        return rows

    @staticmethod
    def cut(rows):
        """Return `rows` with no text longer than it may be: a mask may be longer than the words it hides."""
        return [
            {name: text[:LONGEST_SIGN] if isinstance(text, str) else text for name, text in row.items()}
            for row in rows
        ]


def sign_texts(rows):
    """Return what `rows` of first signs say in words, as lines."""
    return [text for row in rows for text in (row["sign"], row["followed_by"]) if text]
