"""What each case may cost: the goals, and whether they are met.

Ratios are to the floor of the same run. A goal with a number for each size holds for a size between two as
for the smaller.
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
    "a stake": PAGE,
    "glossary": PAGE,
    "near while writing": Goal({MIDDLE: 60}),
    "304 API list": UNCHANGED,
    "304 API detail": UNCHANGED,
    "304 HTML list": UNCHANGED,
    "304 HTML detail": UNCHANGED,
    "304 feed": UNCHANGED,
    "form sent": POSTED,
}
# Of the server and of the jobs: {name: (the most, or the least, it may be; from so many rows on; engine)}.
MOST = {"middleware, share of the floor": (0.3, 0, ""), "memory of a worker, MB": (75, MIDDLE, "")}
MOST |= {"first answer, s": (1, 0, ""), "public reads that write": (0, 0, ""), "wrong answers": (0, 0, "")}
LEAST = {"rebuild_index, reports/s": (1500, 0, ""), "import --publish, reports/s": (400, 0, "")}
LEAST |= {"sent by the verb, reports/s": (500, MIDDLE, "sqlite")}
TIMED = {*MOST, *LEAST} - {"public reads that write", "wrong answers"}


def judged(run, first, slack=1.0):
    """Yield (goal, what it was, what it may be, "PASS", "FAIL" or "UNSTABLE") for a run.

    `first` is the run of SMALL on the same engine, or None. `slack` widens what depends on time.
    """
    for name, case in run["cases"].items():
        if name not in COMPARED:
            yield from judged_case(name, case, run, first, slack)
    for name, value in run["figures"].items():
        bound, least = (LEAST[name], True) if name in LEAST else (MOST[name], False)
        if fits(bound, run):
            wider = slack if name in TIMED else 1
            number = bound[0] / wider if least else bound[0] * wider
            yield verdict(name, value, number, run["stable"] or name not in TIMED, least)


def judged_case(name, case, run, first, slack):
    goal, stable = GOALS.get(name, Goal()), run["stable"]
    if case["problem"]:
        if name in GOALS:
            yield name, case["problem"], "an answer", "FAIL"
        return
    if goal.queries is not None:
        yield verdict(f"{name}: queries", case["queries"], goal.queries)
    if at_most := goal.ratio_at(run["rows"], run["engine"]):
        ratio = case["ratio"] / run["cases"][goal.than]["ratio"]
        yield verdict(f"{name}: × {goal.than}", ratio, at_most * slack, stable)
    grown = growth(name, run, first)
    if grown is not None:
        yield verdict(f"{name}: growth", grown, goal.growth * slack, stable and first["stable"])


def fits(goal, run):
    _value, rows, engine = goal
    return run["rows"] >= rows and engine in ("", run["engine"])


def verdict(name, value, bound, stable=True, least=False):
    met = value >= bound if least else value <= bound
    outcome = ("PASS" if met else "FAIL") if stable else "UNSTABLE"
    return name, round(value, 2), f"{'≥' if least else '≤'} {bound:g}", outcome


def growth(name, run, smaller):
    """Return how many times the ratio of a case is that in a run with fewer rows; None without one."""
    old = smaller and run["rows"] > smaller["rows"] and smaller["cases"].get(name)
    return run["cases"][name]["ratio"] / old["ratio"] if old and old["ratio"] else None
