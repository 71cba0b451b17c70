"""The grade of a practice over time, drawn from the lines of its log that readers may know.

A line that is dated by its month alone stands at the first of that month, so that the drawing dates
nobody. Moves that are too close to distinguish are drawn a little apart.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import ngettext

from practices.models.log import named
from practices.models.practice.content import Grade

WIDTH, HEIGHT = 320, 112
LEFT, RIGHT, TOP, STEP = 118, 312, 12, 18  # where the ladder is drawn, and how far apart its rungs are
CLOSEST = 10  # between two moves
HIGHEST = 4


@dataclass(frozen=True)
class Move:
    """The grade went to `grade` on a day, or in a month."""

    on: date
    grade: int
    line: object

    @property
    def sentence(self):
        return self.line.sentence


class History:
    """How the grade moved from the first publication until `today`; `lines` are public, newest first."""

    def __init__(self, lines, grade, today):
        lines = list(reversed(lines))
        self.today = today
        self.moves = [move_of(line) for line in lines if line.verb == "graded" and line.before != line.after]
        self.begins = localtime(lines[0].at).date() if lines else today
        if self.moves and begins_with(lines, self.moves[0].line):
            self.first = self.moves.pop(0).grade
        else:
            self.first = number(self.moves[0].line.before) if self.moves else grade

    @property
    def description(self):
        """Say what the drawing shows."""
        last = self.moves[-1].grade if self.moves else self.first
        grades = {"first": named(f"G{self.first}"), "last": named(f"G{last}"), "n": len(self.moves)}
        return (
            ngettext(
                "It began at %(first)s, moved once, and is now %(last)s.",
                "It began at %(first)s, moved %(n)s times, and is now %(last)s.",
                len(self.moves),
            )
            % grades
        )

    # --- Where it is drawn ---------------------------------------------------------------------

    @property
    def size(self):
        return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "below": HEIGHT - 6}

    @property
    def rungs(self):
        """Return (name, height, height of its words) of each grade, the highest first."""
        return [(Grade(code).label, height(code), height(code) + 4) for code in range(HIGHEST, -1, -1)]

    @property
    def ladder(self):
        return "".join(f"M{LEFT} {height(code)}H{RIGHT}" for code in range(HIGHEST + 1))

    @property
    def path(self):
        """Return the SVG path: level, and up or down where the grade moved."""
        drawn = "".join(f"H{x}V{height(move.grade)}" for x, move in self.placed)
        return f"M{LEFT} {height(self.first)}{drawn}H{RIGHT}"

    @property
    def dots(self):
        """Return (x, y, Move) of each move."""
        return [(x, height(move.grade), move) for x, move in self.placed]

    @property
    def placed(self):
        """Return [(x, Move)], in the order in which they happened and never on one another."""
        days = max(1, (self.today - self.begins).days)
        gap = min(CLOSEST, (RIGHT - LEFT) / (len(self.moves) + 1))
        places, left = [], LEFT
        for move in self.moves:
            share = min(1, max(0, (move.on - self.begins).days / days))
            left = max(LEFT + share * (RIGHT - LEFT), left + gap)
            places.append(left)
        right = RIGHT
        for position in range(len(places) - 1, -1, -1):
            places[position] = right = min(places[position], right - gap)
        return [(round(place, 1), move) for place, move in zip(places, self.moves, strict=True)]


def move_of(line):
    on = localtime(line.at).date()
    return Move(on.replace(day=1) if line.is_dated_by_month else on, number(line.after), line)


def begins_with(lines, line):
    """Whether `line` says what the first publication did to the grade: readers know no other before."""
    return line.cause == "published" and len(lines) > 1 and lines[1] is line


def number(code):
    return int(code.removeprefix("G"))


def height(code):
    return TOP + (HIGHEST - code) * STEP
