"""Dates as they are written in the language of the page, where Django has no format for it."""

from django import template
from django.template.defaultfilters import date as django_date
from django.utils.formats import date_format as django_date_format
from django.utils.translation import get_language

register = template.Library()


def date_format(value, format):
    """Return a date as Django writes it; in French, the first of a month is “1er”."""
    return _with_first(django_date_format(value, format), format)


@register.filter(expects_localtime=True, is_safe=False)
def date(value, format=None):
    """The filter of Django, with “1er” in French: it stands in the place of Django's in all templates."""
    return _with_first(django_date(value, format), format)


def _with_first(written, format):
    is_day = format in (None, "DATE_FORMAT", "DATETIME_FORMAT")
    return f"1er{written[1:]}" if is_day and get_language() == "fr" and written.startswith("1 ") else written
