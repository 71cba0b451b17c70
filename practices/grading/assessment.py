"""A grade with what it rests on: as data, and as sentences for people."""

from dataclasses import dataclass, field

from practices.grading.facts import RULE_VERSION
from practices.grading.ladder import (
    FLAG_SENTENCES,
    LADDER,
    STATED,
    contradiction_sentence,
    support_sentence,
)

COUNTED = (
    "supporting_reports", "supporting_trials", "contradicting_reports", "contradicting_trials",
    "attributed", "contexts", "documented", "measured", "compared", "follow_ups", "answered",
)  # fmt: skip


@dataclass
class Assessment:
    """A grade with what it rests on, as data; `reasons` and `next` are sentences for people."""

    code: int = 0
    support: float = 0  # in voices, as contradictions: what the ladder asks
    contradictions: float = 0
    supporting_reports: int = 0  # what is said to readers
    supporting_trials: int = 0
    contradicting_reports: int = 0
    contradicting_trials: int = 0
    attributed: int = 0  # from how many organisations or authors the support comes
    contexts: int = 0
    documented: int = 0  # supports of strength R2 or better
    measured: int = 0  # R3 or better
    compared: int = 0  # R4
    follow_ups: int = 0
    answered: bool = True
    flags: list = field(default_factory=list)

    @property
    def share(self):
        """Contradictions as a share of all that speaks, 0 to 1."""
        total = self.support + self.contradictions
        return self.contradictions / total if total else 0

    @property
    def for_and_against(self):
        """Return the sentences that say who supports it and who contradicts it: the first of its reasons."""
        return [support_sentence(self), contradiction_sentence(self)]

    @property
    def reasons(self):
        """Return whole sentences that say what the grade rests on."""
        stated = [sentence(self) for sentence in STATED]
        return [*filter(None, stated), *(FLAG_SENTENCES[flag]() for flag in self.flags)]

    @property
    def next(self):
        """Return what is missing for the next grade, as sentences; none at the top."""
        if self.code == len(LADDER):
            return []
        unmet = [criterion for criterion in LADDER[self.code] if not criterion.met(self)]
        return [criterion.wanting(self) for criterion in unmet]

    @property
    def lower(self):
        """Return what would lower the grade, as sentences, each enough by itself; none at the bottom."""
        return [criterion.undone(self) for criterion in self._held().values()]

    def _held(self):
        """Return {about: Criterion} of all that the grade rests on; a higher rung asks more of the same."""
        return {criterion.about: criterion for rung in LADDER[: self.code] for criterion in rung}

    def criteria(self):
        """Return [(sentence, met)] for all that the next grade (or the top one) asks."""
        rung = LADDER[min(self.code, len(LADDER) - 1)]
        return [(criterion.asks(), criterion.met(self)) for criterion in rung]

    def as_data(self):
        """Return what the API gives and the database keeps, without the sentences."""
        return {
            "code": f"G{self.code}",
            "rule_version": RULE_VERSION,
            "independent_support": tidy(self.support),
            "contradictions": tidy(self.contradictions),
            "flags": self.flags,
            "counted": {name: getattr(self, name) for name in COUNTED},
        }

    @classmethod
    def from_data(cls, data):
        """Return the assessment that `as_data()` came from."""
        if not data:
            return cls()
        return cls(
            code=int(data["code"][1:]),
            support=data["independent_support"],
            contradictions=data["contradictions"],
            flags=list(data["flags"]),
            **data["counted"],
        )


def tidy(number):
    """Return 3.0 as 3 and leave 3.5 alone."""
    return int(number) if number == int(number) else number
