"""Measuring: the cases in turn, round after round, the floor again and again between them."""

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count

from bench.scale.cases import Unexpected
from bench.scale.goals import FLOOR

MOST, LEAST = 40, 1  # requests of a case in one round
BETWEEN = 6  # cases from one measuring of the floor to the next
SPREAD = 0.25  # A floor that moves more than this says nothing of the others.
TRIES = 5
SETTLE = 0.003  # seconds that a worker has to end a request it has answered


@dataclass
class Batch:
    """What some requests of one case used, each on average: milliseconds of processor, seconds of waiting."""

    app: float
    database: float
    waits: list
    size: int

    @property
    def cpu(self):
        return self.app + self.database


@dataclass
class Measured:
    """A case over all rounds that count."""

    batches: list = field(default_factory=list)
    ratios: list = field(default_factory=list)
    problem: str = ""

    @property
    def ratio(self):
        return statistics.median(self.ratios) if self.ratios else None

    def as_data(self):
        if self.problem:
            return {"problem": self.problem}
        waits = [1000 * wait for one in self.batches for wait in one.waits]
        middles = {
            part: statistics.median(getattr(one, part) for one in self.batches)
            for part in ("cpu", "app", "database")
        }
        return middles | {
            "problem": "", "ratio": self.ratio, "ratios": [min(self.ratios), max(self.ratios)],
            "requests": len(waits), "bytes": self.batches[-1].size,
            "p50": percentile(waits, 0.5), "p95": percentile(waits, 0.95), "p99": percentile(waits, 0.99),
        }  # fmt: skip


def measure(cases, server, rounds, seconds):
    """Return ({case name: Measured}, the floor of each round, how many were run) of `cases`, the first of
    which is the floor.

    One round more is run, which warms what is cached and is left out. Each case is asked for about
    `seconds` in each round. While the floor moves more than SPREAD, up to twice as many rounds are run, and
    those whose floors are nearest to the middle count.
    """
    line, kept, sizes, problems = server.line(), [], {}, {}
    turns = count(1)  # No two requests that write are the same.
    floor, *others = ready(cases, line, problems)
    for number in range(1 + 2 * rounds):
        batches, floors = {}, []
        # Another order in each round: none always comes after the same.
        order = others[number % len(others) :] + others[: number % len(others)]
        for place, case in enumerate(order):
            if place % BETWEEN == 0:
                floors.append(batch(floor, server, line, turns, sizes, seconds))
            if case.name in problems:
                continue
            try:
                batches[case.name] = batch(case, server, line, turns, sizes, seconds)
            except Unexpected as problem:
                problems[case.name] = str(problem)
        if number:
            kept.append((floors, batches))
            if len(kept) >= rounds and spread(middles(nearest(kept, rounds))) <= SPREAD:
                break
    counting = nearest(kept, rounds)
    return gathered(cases, counting, problems), middles(counting), len(kept)


def ready(cases, line, problems):
    """Return the cases as they are asked; those that cannot be are noted in `problems`."""
    found = []
    for case in cases:
        try:
            found.append(case.with_validator(line))
        except Unexpected as problem:
            problems[case.name] = str(problem)
    return found


def batch(case, server, line, turns, sizes, seconds):
    """Ask a case as often as fits into `seconds` of a processor; return the Batch."""
    if case.name not in sizes:
        case.ask(line, next(turns))  # The first is no measure: it makes what is kept from then on.
        sizes[case.name] = 1
        one = batch(case, server, line, turns, sizes, seconds)
        sizes[case.name] = max(LEAST, min(MOST, int(1000 * seconds / one.cpu)))
    for _try in range(TRIES):
        before, waits = server.used(), []
        for _each in range(sizes[case.name]):
            began = time.perf_counter()
            answer = case.ask(line, next(turns))
            waits.append(time.perf_counter() - began)
        time.sleep(SETTLE)
        after, number = server.used(), len(waits)
        if before.processes == after.processes:  # else a new connection was paid for, or an old one is gone
            app, database = (
                (getattr(after, part) - getattr(before, part)) / number / 1e6 for part in ("app", "database")
            )
            return Batch(app, database, waits, len(answer.body))
    raise SystemExit("Others use the database too: its processes come and go.")


# --- What it says ------------------------------------------------------------------------------------


def middles(kept):
    """Return the floor of each round."""
    return [statistics.median(one.cpu for one in floors) for floors, _batches in kept]


def spread(values):
    """Return how far apart the values are, as a share of the middle one."""
    return (max(values) - min(values)) / statistics.median(values)


def nearest(kept, rounds):
    """Return the `rounds` rounds whose floors are nearest to that of all, in their order."""
    floors = middles(kept)
    middle = statistics.median(floors)
    order = sorted(range(len(kept)), key=lambda number: abs(floors[number] - middle))
    return [kept[number] for number in sorted(order[:rounds])]


def gathered(cases, kept, problems):
    found = defaultdict(Measured)
    for middle, (floors, batches) in zip(middles(kept), kept, strict=True):
        for name, one in [*batches.items(), *((FLOOR, floor) for floor in floors)]:
            found[name].batches.append(one)
            found[name].ratios.append(one.cpu / middle)
    for case in cases:
        found[case.name].problem = problems.get(case.name, "")
    return dict(found)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
