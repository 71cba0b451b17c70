"""A record, what was wrong with it, and what every format agrees on."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

LONGEST_LINE = 8_000_000  # Seven texts of 80,000 characters, each written as \uXXXX, and room.
LISTS = ("stakes", "keywords")


@dataclass
class Problem:
    """Why a record is refused, and where."""

    line: int
    field: str
    code: str
    message: str


@dataclass
class Record:
    """What a file says of one report; `lines` tells where a field stands when it has its own line."""

    line: int
    data: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    lines: dict = field(default_factory=dict)

    def refuse(self, name, code, message, line=None):
        place = self.lines.get(name) or self.lines.get(name.split("_")[0], self.line)  # effort_people: effort
        self.problems.append(Problem(line or place, name, code, message))


def unreadable(line, code, message):
    return Record(line, problems=[Problem(line, "", code, message)])


def not_utf8():
    return _("This is not UTF-8 text. Save the file as UTF-8 and try again.")


def too_long():
    return _("This line is too long to be a report.")
