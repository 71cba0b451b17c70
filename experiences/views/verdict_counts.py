"""Verdicts counted: one mark is one report, in one order everywhere, and never a share of a few.

`verdict_marks({"worked": 7, "backfired": 1})` gives what `components/marks.html` and `units.html` show.
"""

from django.utils.translation import ngettext

from experiences.models import Experience

ENOUGH_FOR_A_SHARE = 20
V = Experience.Verdict
SHAPES = (
    ("worked", {V.WORKED}),
    ("mixed", {V.IN_PART}),
    ("failed", V.FAILURES),
    ("early", {V.TOO_EARLY}),
)


def verdict_marks(numbers):
    """Return the `counts` of components/marks.html from {verdict: number}; what is nought is left out."""
    counts = []
    for css, verdicts in SHAPES:
        n = sum(numbers.get(verdict, 0) for verdict in verdicts)
        if n:
            counts.append({"css": css, "n": n, "phrase": _phrase(css, n)})
    return counts


def sentence(numbers):
    """Return "7 worked, 2 in part, 1 did not" from {verdict: number}; "" when there is nothing."""
    return ", ".join(count["phrase"] for count in verdict_marks(numbers))


def failures(numbers):
    """Return the sentence that says how many did not bring what was hoped; a share only from 20 on."""
    total = sum(numbers.values())
    failed = sum(numbers.get(verdict, 0) for verdict in V.FAILURES)
    if not total:
        return ""
    if not failed:
        return ngettext(
            "The only report here is not one of failure.",
            "None of the %(total)s reports tells of a failure.",
            total,
        ) % {"total": total}
    if total < ENOUGH_FOR_A_SHARE:
        return ngettext(
            "%(failed)s report of %(total)s tells of a failure.",
            "%(failed)s reports of %(total)s tell of a failure.",
            failed,
        ) % {"failed": failed, "total": total}
    return ngettext(
        "%(failed)s report of %(total)s tells of a failure (%(share)s%%).",
        "%(failed)s reports of %(total)s tell of a failure (%(share)s%%).",
        failed,
    ) % {"failed": failed, "total": total, "share": round(100 * failed / total)}


PHRASES = {
    "worked": lambda n: ngettext("%(n)s worked", "%(n)s worked", n),
    "mixed": lambda n: ngettext("%(n)s in part", "%(n)s in part", n),
    "failed": lambda n: ngettext("%(n)s did not", "%(n)s did not", n),
    "early": lambda n: ngettext("%(n)s too early to say", "%(n)s too early to say", n),
}


def _phrase(css, n):
    return PHRASES[css](n) % {"n": n}
