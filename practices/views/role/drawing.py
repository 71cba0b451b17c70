"""The role map as a drawing: the manager in the middle, areas around, the stakes of each beside it.

All lengths are units of the drawing, of which it is WIDTH wide; text is set in the font of the page, so that
lengths of words are estimated with room to spare.
"""

from dataclasses import dataclass
from textwrap import wrap

from practices.models.practice.content import Grade

WIDTH, MARGIN = 1520, 24
ROW, BETWEEN = 30, 22  # the height of a stake, and what parts two areas
HEART_WIDTH, HEART_HEIGHT = 170, 64
AREA_WIDTH, AREA_HEIGHT = 200, 48
AREA_FROM, STAKE_FROM = 75, 24  # from the heart to an area, from an area to its stakes
LETTERS, LEADING = 22, 18  # of a line in an area's box
GRADES = 4  # strokes of a mark, of which as many are tall as the grade says


@dataclass(frozen=True)
class Node:
    """Something drawn at a height: `y` is its middle; the wire that leads to it; on which side it is."""

    y: float
    wire: str
    is_right: bool


@dataclass(frozen=True)
class StakeNode(Node):
    told: object  # AreaStake
    mark: str  # the path of its grade
    mark_x: float
    text_x: float

    @property
    def grade_label(self):
        return "" if self.told.grade is None else Grade(self.told.grade).label

    @property
    def anchor(self):
        return "start" if self.is_right else "end"

    @property
    def box(self):
        """What is pressed: (x, y, width, height)."""
        inner = self.mark_x if self.is_right else MARGIN / 2
        return inner - 6, self.y - ROW / 2, WIDTH / 2 - abs(WIDTH / 2 - self.mark_x), ROW


@dataclass(frozen=True)
class AreaNode(Node):
    area: object
    x: float
    lines: list  # (y, words)
    stakes: list

    @property
    def top(self):
        return self.y - AREA_HEIGHT / 2

    @property
    def middle(self):
        return self.x + AREA_WIDTH / 2


class Drawing:
    """The drawing of `areas`: about half of all stakes on each side, in their order."""

    width, area_width, area_height = WIDTH, AREA_WIDTH, AREA_HEIGHT
    heart_width, heart_height = HEART_WIDTH, HEART_HEIGHT

    def __init__(self, areas):
        right, left = halves(areas)
        self.height = max(map(height_of, (right, left))) + 2 * MARGIN
        self.middle = self.height / 2
        self.heart_x, self.heart_y = (WIDTH - HEART_WIDTH) / 2, self.middle - HEART_HEIGHT / 2
        self.areas = [*self._side(right, True), *self._side(left, False)]

    @property
    def centre(self):
        return WIDTH / 2

    def _side(self, areas, is_right):
        y = self.middle - height_of(areas) / 2
        for area in areas:
            height = rows_of(area) * ROW
            yield self._area(area, y + height / 2, is_right)
            y += height + BETWEEN

    def _area(self, area, y, is_right):
        away = HEART_WIDTH / 2 + AREA_FROM
        inner = WIDTH / 2 + (away if is_right else -away)
        outer = inner + (AREA_WIDTH if is_right else -AREA_WIDTH)
        heart = WIDTH / 2 + (HEART_WIDTH / 2 if is_right else -HEART_WIDTH / 2)
        words = wrap(area.label, LETTERS)
        first = y + 5 - (len(words) - 1) * LEADING / 2
        top = y - (len(area.stakes) - 1) * ROW / 2
        return AreaNode(
            y,
            curve(heart, self.middle, inner, y),
            is_right,
            area,
            min(inner, outer),
            [(first + number * LEADING, line) for number, line in enumerate(words)],
            [self._stake(told, top + n * ROW, outer, y, is_right) for n, told in enumerate(area.stakes)],
        )

    def _stake(self, told, y, area_x, area_y, is_right):
        step = 1 if is_right else -1
        x = area_x + step * STAKE_FROM
        mark_x = x + 6 if is_right else x - 26
        text_x = x + step * 32
        return StakeNode(
            y, curve(area_x, area_y, x, y), is_right, told, mark_of(told.grade, mark_x, y), mark_x, text_x
        )


def rows_of(area):
    return max(len(area.stakes), 2)


def height_of(areas):
    return sum(rows_of(area) * ROW for area in areas) + BETWEEN * max(len(areas) - 1, 0)


def halves(areas):
    """Return the areas of the right side and those of the left: in their order, of about the same height."""
    total, right = height_of(areas), []
    for area in areas:
        if right and height_of([*right, area]) - total / 2 > total / 2 - height_of(right):
            break
        right.append(area)
    return right, areas[len(right) :]


def curve(x1, y1, x2, y2):
    """Return the path from one point to another, level at both ends."""
    middle = (x1 + x2) / 2
    return f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def mark_of(grade, x, y):
    """Return the path of the mark of a grade that begins at `x`, around `y`; "" where there is none."""
    if grade is None:
        return ""
    strokes = []
    for number in range(GRADES):
        tall = number < grade
        strokes.append(f"M{x + 2 + 5 * number:.1f} {y + 6:.1f}v{-12 if tall else -2}")
    return "".join(strokes)
