"""Drawing at random: values by their weight, names, days."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
FIRST_DAY, DAYS = date(2019, 7, 1), 2500  # of publication


class Drawn:
    """Values with weights, to draw from."""

    def __init__(self, weights):
        self.values, self.sums = list(weights), list(accumulate(weights.values()))

    def one(self, random):
        return random.choices(self.values, cum_weights=self.sums)[0]

    def several(self, random, number):
        """Return `number` different values."""
        found = {}
        while len(found) < number:
            found.setdefault(self.one(random))
        return list(found)


def twelve(random):
    """Return 12 letters, as public addresses have them."""
    return "".join(random.choices(LETTERS, k=12))


def at(day, seconds=0):
    return datetime.combine(day, time.min, UTC) + timedelta(seconds=seconds)


def month_before(day, months):
    """Return the first of the month `months` before that of `day`."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def some_day(random):
    return FIRST_DAY + timedelta(days=random.randrange(DAYS))
