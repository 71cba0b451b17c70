"""The limits of settings.LIMITS, told to people and programs."""

from django.conf import settings
from django.utils.translation import gettext_lazy

from config.rest.operations import operation_of

LABELS = {
    "programs": gettext_lazy("What programs read and, counted apart, what they write"),
    "posts": gettext_lazy("All forms but those below"),
    "searches": gettext_lazy("Searches and filtered lists on pages, and what is shown beside a form"),
    "suggestions": gettext_lazy("Suggestions while a search is typed"),
    "exports": gettext_lazy("Files taken from pages"),
    "drafts": gettext_lazy("Reports saved from the form, which also saves by itself"),
    "flags": gettext_lazy("Problems reported, on pages and by programs together"),
    "questions": gettext_lazy("Questions to authors, on pages and by programs together"),
    "trials": gettext_lazy("“I tried this”, on pages and by programs together"),
}
PERIODS = {
    "s": gettext_lazy("%(n)s a second"),
    "m": gettext_lazy("%(n)s a minute"),
    "h": gettext_lazy("%(n)s an hour"),
    "d": gettext_lazy("%(n)s a day"),
}


def limits():
    """Return [(what is limited, how often visitors may, how often members may)]."""
    return [
        (LABELS[kind], rate_in_words(rates.get("visitor", "")), rate_in_words(rates["member"]))
        for kind, rates in settings.LIMITS.items()
    ]


def rate_in_words(rate):
    """Return "60 an hour" for "60/hour", and a dash where there is none to tell."""
    if not rate:
        return "–"
    number, period = rate.split("/")
    return PERIODS[period[0]] % {"n": number}


def limit_in_words(view):
    """Return what the description says of an action that has a limit of its own; "" for others."""
    kind = operation_of(view).limit
    if not kind:
        return ""
    return f" A member may do this {rate_in_words(settings.LIMITS[kind]['member'])}."
