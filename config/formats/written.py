"""Dates and money as they are written in the language of the page, where Django has no format for it."""

from django import template
from django.template.defaultfilters import date as django_date
from django.utils.formats import date_format as django_date_format
from django.utils.formats import localize
from django.utils.translation import get_language

register = template.Library()
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}  # Of others, their code says more.


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


@register.filter
def money(amount, currency):
    """Return an amount with its currency: “€300” in English, “300 €” in French, “300 CHF” in both."""
    symbol, number = SYMBOLS.get(currency, currency), localize(amount)
    if symbol == currency or get_language() == "fr":
        return f"{number}\u00a0{symbol}"
    return f"{symbol}{number}"
