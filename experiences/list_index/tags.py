"""The numbers under which columns know tags: stakes and contexts by their keys, and what else a row says."""

VERDICTS = ("worked", "worked-in-part", "no-effect", "backfired", "abandoned", "too-early")
# What rows say beside their tags, numbered by place; new values go to the end of each.
PLACES = {
    "language": (1, ("en", "fr")),
    "verdict": (11, VERDICTS),
    "strength": (21, ("R1", "R2", "R3", "R4")),
    "nature": (41, ("tried", "near-miss", "warning")),
    "grade": (31, ("G0", "G1", "G2", "G3", "G4")),
}
NUMBERS = {
    (name, value): first + place
    for name, (first, values) in PLACES.items()
    for place, value in enumerate(values)
}
FIRST_STAKE, FIRST_CONTEXT, STEP = 100, 101, 2


def said(name, value):
    """Return the number of the value of a column, such as of "verdict" and "worked"."""
    return NUMBERS[name, value]


def of_values(name):
    """Return {value: (its number,)} of all values of a column, as terms have the tags they are found by."""
    _first, values = PLACES[name]
    return {value: (said(name, value),) for value in values}


def stake(key):
    return FIRST_STAKE + STEP * key


def context(key):
    return FIRST_CONTEXT + STEP * key
