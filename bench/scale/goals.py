"""What each case may cost: the goals, and whether they are met.

Ratios are to the floor of the same run, or to what a goal names. A goal with a number for each size
holds for a size between two as for the smaller.
"""

from dataclasses import dataclass

FLOOR, BARE, NAIVE = "floor", "floor without middleware", "naive list"
INSERTS = "bare inserts of a report with 9 tags"
COMPARED = (FLOOR, BARE, NAIVE, INSERTS)  # what is no part of the site
SESSION = 2  # queries that find out who asks, beside those of the goal
SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000


@dataclass(frozen=True)
class Goal:
    """What a case may cost at most: times `than` (the floor if none), queries, and growth with the rows."""

    ratio: float | dict | None = None  # for all sizes, or {size: ratio}
    queries: int | None = None
    growth: float = 1.5  # of the ratio, from SMALL to LARGE
    than: str = FLOOR
    on_sqlite: float | None = None  # the ratio there, if it is another

    def ratio_at(self, rows, engine):
        if engine == "sqlite" and self.on_sqlite:
            return self.on_sqlite
        if not isinstance(self.ratio, dict):
            return self.ratio
        sizes = [size for size in self.ratio if size <= rows]
        return self.ratio[max(sizes)] if sizes else None


PAGE = Goal(5, queries=2)
COMMON, TENTH, RARE = Goal(40), Goal(15), Goal(4)  # in what is found by words
LISTED = Goal(2, queries=1, growth=1.2, on_sqlite=5)
READ = Goal(4, queries=2, on_sqlite=5)
FACETS = Goal({SMALL: 2.5, MIDDLE: 5, LARGE: 20}, growth=8)
LIKENESS = Goal({SMALL: 20, MIDDLE: 20, LARGE: 60}, growth=3)
UNCHANGED = Goal(0.8)
POSTED = Goal(7, queries=8 + SESSION, than=INSERTS)
GOALS = {
    "API list": LISTED,
    "API list at 50 %": LISTED,
    "API list with facets": FACETS,
    "API 3 tags, common, with facets": FACETS,
    "API 3 tags, mid, with facets": FACETS,
    "API 3 tags, rare, with facets": FACETS,
    "API 1 stake with facets": FACETS,
    "API exclusion with facets": FACETS,
    "API search, commonest word": COMMON,
    "API search, 10 % word": TENTH,
    "API search, rare word": RARE,
    "API search, seven words": COMMON,
    "API search of all kinds, commonest word": Goal(60),  # Half as much again, each.
    "API search of all kinds, 10 % word": Goal(22.5),
    "API search of all kinds, rare word": Goal(6),
    "API search of all kinds, seven words": Goal(60),
    "API search, common words, each new": COMMON,
    "suggestions": Goal(3),
    "API likeness": LIKENESS,
    "HTML list, likeness": LIKENESS,
    "practices, likeness": LIKENESS,
    "HTML list": READ,
    "HTML list at 50 %": READ,
    "HTML list, 3 tags": READ,
    "HTML detail": Goal(2.5, queries=2),
    "HTML detail, cited": Goal(2.5, queries=2),
    "home": PAGE,
    "stakes": PAGE,
    "a stake": Goal(5, queries=4),  # Two more: what it took, and what authors said of failures.
    "evidence map": PAGE,
    "role map": Goal(5, queries=3),  # Two more: the best practice of each stake, and what is quoted.
    "glossary": PAGE,
    "near while writing": Goal({MIDDLE: 60}),
    "304 API list": UNCHANGED,
    "304 API detail": UNCHANGED,
    "304 HTML list": UNCHANGED,
    "304 HTML detail": UNCHANGED,
    "304 home": UNCHANGED,
    "304 stakes": UNCHANGED,
    "304 evidence map": UNCHANGED,
    "304 practices": UNCHANGED,
    "304 a practice": UNCHANGED,
    "304 API practices": UNCHANGED,
    "304 feed": UNCHANGED,
    "304 feed of practices": UNCHANGED,
    "304 sitemap": UNCHANGED,
    "form sent": POSTED,
}
# What a visitor is given as another got it may cost no more than if it was made.
KEPT_PAGE = ", kept"


@dataclass(frozen=True)
class Bound:
    """What a figure of the server or of a job may be at most; or `least`."""

    number: float
    least: bool = False
    rows: int = 0  # from so many on
    engine: str = ""  # the only one on which it holds
    timed: bool = True  # Whether it differs with what else the machine does.

    def holds_for(self, run):
        return run["rows"] >= self.rows and self.engine in ("", run["engine"])

    def is_sound(self, name, run):
        """Whether it can be stood by: a processor must have been at a job for most of its time."""
        return not self.timed or run["figures"].get(f"{name}{BUSY}", run["stable"]) >= MOSTLY


BUSY, MOSTLY = ": share of a processor", 0.5
WRONG, WRITING = "wrong answers", "public reads that write"
MIDDLEWARE, MEMORY = "middleware, share of the floor", "memory of a worker, MB"
START, SEND = "first answer, s", "sent by the verb, reports/s"
REBUILD, IMPORT = "rebuild_index, reports/s", "import --publish, reports/s"
UNDER_LOAD = "posted while others read and all is derived again, reports/s"
LOST, AMISS = "then: answers and reports lost", "then: what check_index finds"
BOUNDS = {
    WRONG: Bound(0, timed=False),
    WRITING: Bound(0, timed=False),
    MIDDLEWARE: Bound(0.3),
    MEMORY: Bound(100, rows=MIDDLE, timed=False),
    START: Bound(1),
    REBUILD: Bound(1500, least=True),
    IMPORT: Bound(400, least=True),
    LOST: Bound(0, timed=False),
    AMISS: Bound(0, timed=False),
    SEND: Bound(500, least=True, rows=MIDDLE, engine="sqlite"),
}


def judged(run, first):
    """Yield (goal, what it was, what it may be, "PASS", "FAIL" or "UNSTABLE") for a run.

    `first` is the run of SMALL on the same engine, or None.
    """
    for name, case in run["cases"].items():
        if name not in COMPARED:
            yield from judged_case(name, case, run, first)
    for name, bound in BOUNDS.items():
        if name in run["figures"] and bound.holds_for(run):
            yield verdict(name, run["figures"][name], bound.number, bound.is_sound(name, run), bound.least)


def judged_case(name, case, run, first):
    goal, stable = goal_of(name), run["stable"]
    problem, missing = case["problem"], run["cases"][goal.than]["problem"]
    if problem or missing:
        yield name, problem or f"{goal.than}: {missing}", "an answer", "FAIL"
        return
    if goal.queries is not None:
        yield verdict(f"{name}: queries", case["queries"], goal.queries)
    if found := ratio_to_goal(name, run):
        yield verdict(f"{name}: × {goal.than}", *found, stable)
    grown = growth(name, run, first)
    if grown is not None:
        yield verdict(f"{name}: growth", grown, goal.growth, stable and first["stable"])


def verdict(name, value, bound, stable=True, least=False):
    may_be, met = f"{'≥' if least else '≤'} {bound:g}", value >= bound if least else value <= bound
    if not stable:
        return name, "–", may_be, "UNSTABLE"
    return name, f"{value:.2f}".removesuffix(".00"), may_be, "PASS" if met else "FAIL"


def goal_of(name):
    return GOALS.get(name.removesuffix(KEPT_PAGE), Goal())


def ratio_to_goal(name, run):
    """Return (how many times a case costs what its goal compares it with, the most that may be); None
    without an answer, or without such a goal for this many rows.
    """
    ratio, at_most = ratio_of(name, run), goal_of(name).ratio_at(run["rows"], run["engine"])
    return (ratio, at_most) if ratio and at_most else None


def ratio_of(name, run):
    """Return how many times a case costs what its goal compares it with; None if either has no answer."""
    ratio, than = (run["cases"].get(one, {}).get("ratio") for one in (name, goal_of(name).than))
    return ratio / than if ratio and than else None


def growth(name, run, smaller):
    """Return how many times the ratio that a goal is about is that in a run with fewer rows; None if either
    is not there.
    """
    if not smaller or run["rows"] <= smaller["rows"]:
        return None
    new, old = ratio_of(name, run), ratio_of(name, smaller)
    return new / old if new and old else None
