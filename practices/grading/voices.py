"""Who speaks for and against a practice, each counted once."""

from dataclasses import dataclass

from practices.grading.groups import Groups

MOST_TRIALS = 2
TRIAL = 0.5  # of a voice
FURTHER, MOST_WITHHELD = 0.5, 3  # Each withheld report after the first, and all of them together.
NOBODY = ("nobody",)  # Whoever signs with no name may be anyone, and so counts once.


def withheld_weight(number):
    """Return how many voices `number` withheld reports are."""
    return min(MOST_WITHHELD, 1 + FURTHER * (number - 1)) if number else 0


# --- Support: whoever is linked, however far, is one voice ------------------------------------------


class Supporters:
    """The voices of supporting `facts` among all that `speak`; `trials` are those that count."""

    def __init__(self, facts, trials, speaking):
        groups = _groups([fact for fact in speaking if not fact.withheld])
        signed = [fact for fact in facts if not fact.withheld]
        events = {fact.event for fact in signed if fact.event}
        self.trials = trials
        self.voices = {groups[fact] for fact in signed}
        self.attributable = {groups[fact] for fact in signed if fact.author or fact.organisation}
        self.withheld = _count_withheld(facts, events)

    @property
    def weight(self):
        return len(self.voices) + withheld_weight(self.withheld) + TRIAL * len(self.trials)

    @property
    def attributed(self):
        """How many organisations or authors: all withheld ones together are one."""
        return len(self.attributable) + bool(self.withheld)


def _groups(facts):
    """Return {fact: group}: facts that share an author, organisation or event are in one group."""
    groups = Groups()
    for number, fact in enumerate(facts):
        for key in keys(fact):
            groups.join(key, ("fact", number))
    return {fact: groups.of(("fact", number)) for number, fact in enumerate(facts)}


def keys(fact):
    """Return what makes one voice of two signed reports that share it."""
    signed = {("author", fact.author), ("organisation", fact.organisation)}
    signed = {(name, value) for name, value in signed if value} or {NOBODY}
    return signed | ({("event", fact.event)} if fact.event else set())


def _count_withheld(facts, signed_events):
    """Count the withheld reports: one for each event, none for an event that someone signed for."""
    withheld = [fact for fact in facts if fact.withheld]
    return sum(not fact.event for fact in withheld) + len(
        {fact.event for fact in withheld if fact.event} - signed_events
    )


# --- Contradiction: the most of them that share nothing ----------------------------------------------


@dataclass(frozen=True)
class Voice:
    """One voice against: what it may share with another, and what it weighs (withheld ones: by number)."""

    keys: frozenset
    weight: float = 1
    withheld: bool = False


def contradicting_weight(facts, trials):
    """Return how many voices contradict: the most that share neither author, organisation nor event.

    Not as support is counted: were those joined that a third one links, one more contradiction could
    make less of them, and raise a grade.
    """
    voices = []
    for number, fact in enumerate(facts):
        shared = {("event", fact.event)} if fact.event else {("fact", number)}
        shared = _report(fact) | (shared if fact.withheld else keys(fact))
        voices.append(Voice(frozenset(shared), withheld=fact.withheld))
    for number, trial in enumerate(trials):
        voices.append(Voice(frozenset(trial_keys(trial) or {("trial", number)}), TRIAL))
    weights = _weights(_undominated(voices))
    return max(signed + withheld_weight(number) for number, signed in weights.items())


def _report(fact):
    return {("report", fact.report)} if fact.report else set()


def _undominated(voices):
    """Leave out each voice that shares all that a weightier one of its sort shares, and more."""
    kept = []
    for voice in sorted(voices, key=lambda one: (-one.weight, len(one.keys))):
        if not any(one.keys <= voice.keys and one.withheld == voice.withheld for one in kept):
            kept.append(voice)
    return kept


def _weights(voices):
    """Return {number of withheld voices: the most that the signed ones beside them weigh}, of voices that
    share nothing.
    """
    clashes = [sum(bool(one.keys & other.keys) for other in voices) - 1 for one in voices]
    if not voices or max(clashes) == 0:
        signed = sum(one.weight for one in voices if not one.withheld)
        return {number: signed for number in range(sum(one.withheld for one in voices) + 1)}
    worst = voices[clashes.index(max(clashes))]
    without = _weights([one for one in voices if one is not worst])
    taking = _weights([one for one in voices if not one.keys & worst.keys])
    for number, signed in taking.items():
        at = number + worst.withheld
        without[at] = max(without.get(at, 0), signed + (0 if worst.withheld else worst.weight))
    return without


# --- Trials ------------------------------------------------------------------------------------------


def counting_trials(trials, facts):
    """Return (supporting, contradicting) trials: of the first two, those not told by a report already.

    In that order: a report that contradicts must not make room for a trial that supports. Who
    contradicts twice is for `contradicting_weight` to find.
    """
    spoken = [key for fact in facts for key in _spoken(fact)]
    agreeing = [key for fact in facts if not fact.contradicts for key in _spoken(fact)]
    first = _first_trials(trials)
    return (
        [trial for trial in first if trial.supports and trial_keys(trial).isdisjoint(spoken)],
        [trial for trial in first if trial.contradicts and trial_keys(trial).isdisjoint(agreeing)],
    )


def _first_trials(trials):
    """Return the trials that may count: contradicting ones first, one for each who signs."""
    first = {}
    said = [trial for trial in trials if trial.supports or trial.contradicts]
    for number, trial in enumerate(sorted(said, key=lambda one: not one.contradicts)):
        first.setdefault(number if trial.withheld or not trial.author else ("by", trial.author), trial)
    return list(first.values())[:MOST_TRIALS]


def trial_keys(trial):
    """Return what makes one voice of a trial and a report: who signs both, or one that became the other."""
    signed = {("author", trial.author)} if trial.author and not trial.withheld else set()
    return signed | ({("report", trial.report)} if trial.report else set())


def _spoken(fact):
    signed = {("author", fact.author)} if fact.author and not fact.withheld else set()
    return signed | _report(fact)
