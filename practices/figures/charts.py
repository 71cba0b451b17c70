"""Small charts, drawn here as numbers for an SVG: each with a table of the same beside it."""

from dataclasses import dataclass

WIDTH, HEIGHT, ROOM = 320, 96, 4


@dataclass
class Bar:
    """One value: where its bar stands, and what it is of."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float


def bars(values):
    """Return a Bar for each (label, number) of `values`, side by side, as high as its number."""
    most = max([number for _label, number in values] + [1])
    step = WIDTH / max(1, len(values))
    drawn = []
    for place, (label, number) in enumerate(values):
        # A number that is not nought is always seen.
        height = max(2, round(number / most * HEIGHT, 1)) if number else 0
        x = round(place * step + ROOM / 2, 1)
        drawn.append(Bar(label, number, x, round(HEIGHT - height, 1), round(step - ROOM, 1), height))
    return drawn
