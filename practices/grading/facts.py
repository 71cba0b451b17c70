"""What the rule knows of a report and of a trial."""

from dataclasses import dataclass
from datetime import date

from experiences.models import Experience
from practices.grading.following import Followed

RULE_VERSION = 2
GRAVITY = ("illuminates", "supports", "nuances", "contradicts")  # The gravest last.
OLD_AFTER = 36  # months
LATE_ENOUGH = 6  # months between the end of the events and a follow-up
SUCCESSES = Experience.Verdict.SUCCESSES
FAILURES = Experience.Verdict.FAILURES


@dataclass(frozen=True)
class Fact:
    """What one report says for a practice. `report`, `author`, `event` are opaque keys.

    `organisation` is the key of a name (experiences.text.organisations), "" when none was given.
    `context` is what is known of audience, kind and size. Of a `withheld` report, neither author nor
    organisation is looked at.
    """

    bearing: str
    verdict: str = "worked"
    followed: str = Followed.FOLLOWED
    report: object = None
    author: object = None
    withheld: bool = False
    organisation: str = ""
    event: object = None
    strength: int = 1
    context: frozenset = frozenset()
    happened_on: date | None = None
    late_follow_ups: int = 0
    answered: bool = False  # every contradiction of this report has a note

    @property
    def supports(self):
        """Whether it counts as support: a nuance does where what was done did not fail."""
        holds = self.verdict not in FAILURES or self.followed == Followed.NOT_FOLLOWED
        return self.bearing == "supports" or (self.bearing == "nuances" and holds)

    @property
    def contradicts(self):
        return self.bearing == "contradicts"

    @property
    def was_followed(self):
        """Whether what came of it tells something of the practice: its people did what it says, or a part."""
        return self.followed != Followed.NOT_FOLLOWED


@dataclass(frozen=True)
class TrialFact:
    """What one trial says; `report` is the key of the report that it openly grew into."""

    verdict: str
    author: object = None
    withheld: bool = False
    report: object = None

    @property
    def supports(self):
        return self.verdict in SUCCESSES

    @property
    def contradicts(self):
        return self.verdict in FAILURES


def months_between(earlier, later):
    """Return the number of whole calendar months from one date to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
