"""The grade of a practice, rule version 1: computed from the evidence, never set by hand.

`assess()` is a pure function of facts about reports and trials. A report speaks once, by its
gravest bearing. Support is counted by independent voices: reports of one organisation, of one
author or on one event are one voice, and so are all reports with neither author nor
organisation. A trial counts half, and at most two count, the contradicting ones first; a trial
by someone who already speaks through a report does not count again, nor does a trial that nobody
stands behind beside such a report. A trial that grew into a report tells what the report tells, and
goes on counting half until the report speaks for the practice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiences.models import Experience

RULE_VERSION = 1
GRAVITY = ("illuminates", "supports", "nuances", "contradicts")  # The gravest last.
OLD_AFTER = 36  # months
LATE_ENOUGH = 6  # months between the end of the events and a follow-up
MOST_TRIALS = 2
NOBODY = ("nobody",)  # Whoever left no name may be anyone, and so counts once.
SUPPORTING = Experience.Verdict.SUCCESSES
CONTRADICTING = Experience.Verdict.FAILURES


@dataclass(frozen=True)
class Fact:
    """What one report says for a practice. `author`, `organisation`, `event` are opaque keys."""

    bearing: str
    verdict: str = "worked"
    author: object = None
    named: bool = False
    organisation: str = ""
    event: object = None
    strength: int = 1
    context: frozenset = frozenset()  # what is known of audience, kind and size
    happened_on: date | None = None
    late_follow_ups: int = 0
    answered: bool = False  # every contradiction of this report has a note


@dataclass(frozen=True)
class TrialFact:
    """What one trial says."""

    verdict: str
    author: object = None
    named: bool = False


@dataclass
class Assessment:
    """A grade with what it rests on, as data; `reasons` and `next` are sentences for people."""

    code: int = 0
    support: float = 0
    contradictions: float = 0
    attributed: int = 0  # independent supports that have an organisation or an author
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
    def reasons(self):
        """Return whole sentences that say what the grade rests on."""
        return [sentence(self) for sentence in STATED] + [FLAG_SENTENCES[flag]() for flag in self.flags]

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
            "counted": {
                "attributed": self.attributed,
                "contexts": self.contexts,
                "documented": self.documented,
                "measured": self.measured,
                "compared": self.compared,
                "follow_ups": self.follow_ups,
                "answered": self.answered,
            },
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


def assess(facts, trials=(), today=None):
    """Grade what `facts` (one Fact a report) and `trials` (TrialFacts) say, as of `today`."""
    today = today or date.today()
    facts = [fact for fact in facts if fact.bearing != "illuminates"]
    voices = _voices(facts)
    supporting = [fact for fact in facts if fact.bearing in ("supports", "nuances")]
    against = [fact for fact in facts if fact.bearing == "contradicts"]
    result = Assessment(
        support=len({voices[fact] for fact in supporting}),
        contradictions=len({voices[fact] for fact in against}),
        attributed=len({voices[fact] for fact in supporting if fact.author or fact.organisation}),
        contexts=len({fact.context for fact in supporting if fact.context}),
        documented=sum(fact.strength >= 2 for fact in supporting),
        measured=sum(fact.strength >= 3 for fact in supporting),
        compared=sum(fact.strength >= 4 for fact in supporting),
        follow_ups=sum(fact.late_follow_ups for fact in supporting),
        answered=all(fact.answered for fact in against),
    )
    _count_trials(result, trials, facts)
    result.flags = list(_flags(result, supporting, facts, trials, today))
    result.code = _climb(result)
    return result


def _climb(result):
    for code, rung in enumerate(LADDER):
        if not all(criterion.met(result) for criterion in rung):
            return code
    return len(LADDER)


def _voices(facts):
    """Return {fact: voice}: facts that share an author, organisation or event have one voice."""
    parent = {}

    def root(key):
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for number, fact in enumerate(facts):
        keys = _keys(fact)
        if fact.event:
            keys.append(("event", fact.event))
        for key in keys:
            parent[root(key)] = root(("fact", number))
    numbered = {}
    for number, fact in enumerate(facts):
        numbered[fact] = root(("fact", number))
    return numbered


def _keys(who):
    keys = []
    if who.author:
        keys.append(("author", who.author))
    if who.organisation:
        keys.append(("organisation", fold(who.organisation)))
    return keys or [NOBODY]


def fold(organisation):
    """Return an organisation's name as it is compared: case and white space do not matter."""
    return " ".join(organisation.casefold().split())


def _count_trials(result, trials, facts):
    """Count the first trials, then leave out who already speaks through a report.

    In that order: a report that contradicts must not make room for a trial that supports.
    """
    heard = {_speaker(fact) for fact in facts}
    for trial in _first_trials(trials):
        if _speaker(trial) in heard:
            continue
        if trial.verdict in SUPPORTING:
            result.support += 0.5
        else:
            result.contradictions += 0.5


def _first_trials(trials):
    """Return the trials that may count: contradicting ones first, one for each voice."""
    first = {}
    for trial in sorted(trials, key=lambda one: one.verdict not in CONTRADICTING):
        if trial.verdict != "too-early":
            first.setdefault(_speaker(trial), trial)
    return list(first.values())[:MOST_TRIALS]


def _speaker(who):
    """Return who speaks, as readers may know them.

    Anyone may tell of a trial and watch the count. Were it held against organisations, or against
    reports told the other way, the count would say who withheld a name.
    """
    return (who.author, who.named) if who.author else NOBODY


def _flags(result, supporting, facts, trials, today):
    if result.contradictions and result.share >= 1 / 3:
        yield "disputed"
    dated = [fact.happened_on for fact in supporting if fact.happened_on]
    if dated and months_between(max(dated), today) > OLD_AFTER:
        yield "ageing"
    if supporting and result.contexts <= 1:
        yield "narrow"
    if any(one.verdict == "backfired" for one in [*facts, *trials]):
        yield "harm-reported"


def months_between(earlier, later):
    """Return the number of whole calendar months from one date to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


# --- The ladder: what each grade needs beyond the one below, in words and as a test --------------


@dataclass(frozen=True)
class Criterion:
    """One thing a grade asks: how it is tested, and how it is said.

    What is undone is told in numbers only where the page gives them anyway: how many organisations or
    authors there are to spare is nobody's business.
    """

    about: str
    met: Callable
    asks: Callable
    undone: Callable
    lack: Callable = None

    def wanting(self, result):
        """Return the sentence that says what is missing."""
        return self.lack(result) if self.lack else self.asks()


def _support(least):
    def lack(result):
        missing = tidy(least - result.support)
        return ngettext(
            "%(missing)s more independent report that supports it.",
            "%(missing)s more independent reports that support it.",
            _form(missing),
        ) % {"missing": localize(missing)}

    def asks():
        return ngettext(
            "%(least)s independent report supports it.", "%(least)s independent reports support it.", least
        ) % {"least": least}

    def undone(result):
        too_many = floor(result.support - least) + 1
        return ngettext(
            "%(number)s independent voice fewer that supports it.",
            "%(number)s independent voices fewer that support it.",
            too_many,
        ) % {"number": too_many}

    return Criterion("support", lambda result: result.support >= least, asks, undone, lack)


def _attributed(least):
    return Criterion(
        "voices",
        met=lambda result: result.attributed >= least,
        asks=lambda: _("They come from at least %(least)s organisations or authors.") % {"least": least},
        undone=lambda result: (
            _("Support from fewer than %(least)s organisations or authors.") % {"least": least}
        ),
    )


def _contexts(least):
    return Criterion(
        "contexts",
        met=lambda result: result.contexts >= least,
        asks=lambda: (
            _("They come from at least %(least)s contexts that differ in audience, kind or size.")
            % {"least": least}
        ),
        undone=lambda result: _("Support from fewer than %(least)s contexts.") % {"least": least},
    )


def _one_more_third(result):
    """Say how many more contradicting voices make a third of all that speak."""
    number = ceil((result.support - 2 * result.contradictions) / 2)
    return ngettext(
        "%(number)s more independent voice that contradicts it.",
        "%(number)s more independent voices that contradict it.",
        number,
    ) % {"number": number}


LADDER = (
    (_support(1),),
    (
        _support(2),
        Criterion(
            "strength",
            met=lambda result: result.documented >= 1,
            asks=lambda: _("One of them shows a source (R2 or better)."),
            undone=lambda result: _("No report left in its support that shows a source (R2 or better)."),
        ),
    ),
    (
        _support(4),
        _attributed(3),
        _contexts(2),
        Criterion(
            "strength",
            met=lambda result: result.measured >= 1,
            asks=lambda: _("One of them is measured before and after (R3 or better)."),
            undone=lambda result: _("No report left in its support that is measured (R3 or better)."),
        ),
        Criterion(
            "agreement",
            met=lambda result: result.share < 1 / 3,
            asks=lambda: _("Fewer than a third of the voices contradict it."),
            undone=_one_more_third,
        ),
    ),
    (
        _support(8),
        _attributed(5),
        _contexts(3),
        Criterion(
            "strength",
            met=lambda result: result.measured >= 3 or result.compared >= 1,
            asks=lambda: _("Three of them are measured before and after (R3), or one also compared (R4)."),
            undone=lambda result: _("Fewer than three measured reports (R3) left, and none compared (R4)."),
        ),
        Criterion(
            "follow-ups",
            met=lambda result: result.follow_ups >= 2,
            asks=lambda: _("Two follow-ups, six months later or more, say that it still holds."),
            undone=lambda result: _("Fewer than two late follow-ups left that say that it still holds."),
        ),
        Criterion(
            "answers",
            met=lambda result: result.answered,
            asks=lambda: _("Every contradiction is answered in its note."),
            undone=lambda result: _("A contradiction that no note answers."),
        ),
    ),
)


def _form(number):
    """Return what ngettext takes to choose a plural: one and a half as many, none as the language does."""
    return 2 if 1 < number < 2 else int(number)


STATED = (
    lambda result: (
        ngettext(
            "%(number)s independent voice supports it.",
            "%(number)s independent voices support it.",
            _form(result.support),
        )
        % {"number": localize(tidy(result.support))}
    ),
    lambda result: (
        ngettext("%(number)s contradicts it.", "%(number)s contradict it.", _form(result.contradictions))
        % {"number": localize(tidy(result.contradictions))}
    ),
    lambda result: (
        ngettext(
            "The support comes from %(number)s context.",
            "The support comes from %(number)s different contexts.",
            result.contexts,
        )
        % {"number": result.contexts}
    ),
    lambda result: (
        ngettext(
            "%(number)s of the reports is measured before and after.",
            "%(number)s of the reports are measured before and after.",
            result.measured,
        )
        % {"number": result.measured}
    ),
)

FLAG_SENTENCES = {
    "disputed": lambda: _("Disputed: a third or more of the voices contradict it."),
    "ageing": lambda: _("Ageing: the newest support is older than three years."),
    "narrow": lambda: _("Narrow: all support comes from one kind of context."),
    "harm-reported": lambda: _("Harm reported: someone it was tried by says it made things worse."),
}
