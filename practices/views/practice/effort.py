"""What a practice took those who tried it, summed up from their reports in words: never a mean of a few."""

from functools import partial
from math import ceil
from statistics import median

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.formats.written import money


def summarise_effort(reports):
    """Return [(sentence, how many reports it rests on)] for people, hours, weeks, and money by currency, if
    any says so.
    """
    found = []
    for column, alike, close, apart in KINDS:
        numbers = [value for report in reports if (value := getattr(report, column)) is not None]
        if numbers:
            told = _sentence(numbers, alike, close, apart)
            found.append((told, _from_how_many(len(numbers), len(reports))))
    for currency, numbers in _money(reports).items():
        found.append((_money_sentence(numbers, currency), _from_how_many(len(numbers), len(reports))))
    return found


def _money(reports):
    """Return {currency: amounts}, that of the most reports first: amounts of two are never added up."""
    found = {}
    for report in reports:
        if report.effort_money is not None:
            found.setdefault(report.effort_currency, []).append(report.effort_money)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def _money_sentence(numbers, currency):
    return _sentence(
        numbers,
        lambda _n: _("%(number)s spent."),
        lambda _n: _("%(least)s to %(most)s spent."),
        lambda _n: _("Around %(middle)s spent, from %(least)s to %(most)s."),
        written=partial(money, currency=currency),
    )


def _sentence(numbers, alike, close, apart, written=localize):
    least, most = min(numbers), max(numbers)
    if least == most:
        return alike(least) % {"number": written(least)}
    middle = ceil(median(numbers))
    values = {"middle": written(middle), "least": written(least), "most": written(most)}
    # Between two that stand next to each other is half a person, which is nothing that anyone told.
    return (close if most - least == 1 else apart)(middle) % values


def _from_how_many(number, total):
    words = ngettext("Told by %(n)s report of %(total)s.", "Told by %(n)s reports of %(total)s.", number)
    return words % {"n": number, "total": total}


KINDS = (
    (
        "effort_people",
        lambda n: ngettext("%(number)s person.", "%(number)s people.", n),
        lambda _n: _("%(least)s to %(most)s people."),
        lambda n: ngettext(
            "Around %(middle)s person, from %(least)s to %(most)s.",
            "Around %(middle)s people, from %(least)s to %(most)s.",
            n,
        ),
    ),
    (
        "effort_hours",
        lambda n: ngettext("%(number)s hour in all.", "%(number)s hours in all.", n),
        lambda _n: _("%(least)s to %(most)s hours in all."),
        lambda n: ngettext(
            "Around %(middle)s hour in all, from %(least)s to %(most)s.",
            "Around %(middle)s hours in all, from %(least)s to %(most)s.",
            n,
        ),
    ),
    (
        "effort_weeks",
        lambda n: ngettext("%(number)s week.", "%(number)s weeks.", n),
        lambda _n: _("%(least)s to %(most)s weeks."),
        lambda n: ngettext(
            "Around %(middle)s week, from %(least)s to %(most)s.",
            "Around %(middle)s weeks, from %(least)s to %(most)s.",
            n,
        ),
    ),
)
