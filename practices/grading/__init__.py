"""The grade of a practice, rule version 2: computed from the evidence, never set by hand.

`assess()` is a pure function of facts about reports and trials. A report speaks once, by its
gravest bearing. Reports of one organisation, of one author or on one event are one voice, and so are
all signed reports with neither author nor organisation. A nuance is support under a stated condition;
it counts neither way where what its people did brought nothing, or harm.

Reports and trials that withhold a name count by their number alone: never is one joined with anything
by its author or organisation, so that no figure tells who wrote it (RELIABILITY.md, rule 21). The first
withheld report is one voice, each further one half a voice, three at most.

A trial counts half, and at most two count, the contradicting ones first; a signed trial by someone who
signs a report here does not count again, nor does one beside the report that it openly grew into.

Doubt is counted so that one more contradiction never makes less of it: contradictions weigh as much as the
most of them that share nothing.
"""

from practices.grading.assessment import Assessment, tidy
from practices.grading.facts import (
    GRAVITY,
    LATE_ENOUGH,
    OLD_AFTER,
    RULE_VERSION,
    Fact,
    TrialFact,
    months_between,
)
from practices.grading.ladder import FLAG_SENTENCES, LADDER
from practices.grading.rule import assess

__all__ = [
    "FLAG_SENTENCES", "GRAVITY", "LADDER", "LATE_ENOUGH", "OLD_AFTER", "RULE_VERSION", "Assessment", "Fact",
    "TrialFact", "assess", "months_between", "tidy",
]  # fmt: skip
