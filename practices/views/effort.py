"""What a practice took those who tried it, summed up from their reports in words: never a mean of a few."""

from math import ceil
from statistics import median

from django.utils.formats import localize
from django.utils.translation import ngettext

from practices.grading import tidy


def summed_up(reports):
    """Return [(sentence, how many reports told it)] for people, hours and weeks; what nobody told is left out."""
    found = []
    for column, alike, apart in KINDS:
        told = [value for report in reports if (value := getattr(report, column)) is not None]
        if told:
            found.append((_sentence(told, alike, apart), _told_by(len(told), len(reports))))
    return found


def _sentence(told, alike, apart):
    least, most = min(told), max(told)
    if least == most:
        return alike(least) % {"number": localize(least)}
    middle = tidy(median(told))
    values = {"middle": localize(middle), "least": localize(least), "most": localize(most)}
    return apart(ceil(middle)) % values


def _told_by(number, total):
    words = ngettext("Told by %(n)s report of %(total)s.", "Told by %(n)s reports of %(total)s.", number)
    return words % {"n": number, "total": total}


KINDS = (
    (
        "effort_people",
        lambda n: ngettext("%(number)s person.", "%(number)s people.", n),
        lambda n: ngettext(
            "Around %(middle)s person, from %(least)s to %(most)s.",
            "Around %(middle)s people, from %(least)s to %(most)s.",
            n,
        ),
    ),
    (
        "effort_hours",
        lambda n: ngettext("%(number)s hour in all.", "%(number)s hours in all.", n),
        lambda n: ngettext(
            "Around %(middle)s hour in all, from %(least)s to %(most)s.",
            "Around %(middle)s hours in all, from %(least)s to %(most)s.",
            n,
        ),
    ),
    (
        "effort_weeks",
        lambda n: ngettext("%(number)s week.", "%(number)s weeks.", n),
        lambda n: ngettext(
            "Around %(middle)s week, from %(least)s to %(most)s.",
            "Around %(middle)s weeks, from %(least)s to %(most)s.",
            n,
        ),
    ),
)
