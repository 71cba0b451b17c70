"""A record, what was wrong with it, and what every format agrees on."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

LONGEST_LINE = 10_000_000  # Nine texts of 80,000 characters, each written as two \uXXXX, and room.
LISTS = ("stakes", "author_stakes", "keywords", "unwanted_borne_by")
MONTHS = ("started_on", "ended_on", "follow_up_on")
OUR_OWN = "html_url"  # What our exports have, and nobody writes by hand.
JSON_CELLS = ("measures", "sources", "first_signs", "follow_ups", "claims")  # what a cell holds as JSON


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
    remarks: list = field(default_factory=list)  # what was taken otherwise than it was written, as sentences
    day_first: bool = False  # whether 01/03/2025 is in March
    # Of Markdown: what the whole file lacks, and with it all that would have stood there.
    without_front_matter: bool = False
    without_headings: bool = False

    @property
    def is_ours(self):
        """Whether it comes from an export of ours."""
        return OUR_OWN in self.data

    def refuse(self, name, code, message, line=None):
        place = self.lines.get(name) or self.lines.get(name.split("_")[0], self.line)  # effort_people: effort
        self.problems.append(Problem(line or place, name, code, message))


def unreadable(line, code, message):
    return Record(line, problems=[Problem(line, "", code, message)])


def not_utf8():
    return _("This is not UTF-8 text. Save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”) and try again.")


def too_long():
    return _("This line is too long to be a report.")
