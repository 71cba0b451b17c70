"""Two versions of a practice compared word by word."""

import re
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from practices import grading
from practices.models import PracticeVersion

MOST_PAIRS = 25_000_000  # Words to compare with words: what repeats itself costs minutes beyond.


def words_between(old, new):
    """Return [(kind, text)] from `old` to `new`; kind is "same", "del" or "ins".

    Word by word around what both begin and end with; line by line where too many words differ.
    """
    before, after = (re.findall(r"\S+\s*", text) for text in (old, new))
    first = _shared(before, after)
    begun, before, after = before[:first], before[first:], after[first:]
    last = len(before) - _shared(before[::-1], after[::-1])
    ended = before[last:]
    changed = _pieces(before[:last], after[: len(after) - len(ended)])
    pieces = [("same", "".join(begun)), *changed, ("same", "".join(ended))]
    return [(kind, text) for kind, text in pieces if text]


def _shared(before, after):
    """Return how many words both begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))


def _pieces(before, after):
    for split in (lambda words: words, lambda words: "".join(words).splitlines(keepends=True)):
        old, new = split(before), split(after)
        if len(old) * len(new) <= MOST_PAIRS:
            return _matched(old, new)
    return [("del", "".join(before)), ("ins", "".join(after))]


def _matched(before, after):
    pieces = []
    for change, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if change == "equal":
            pieces.append(("same", "".join(before[i:j])))
            continue
        pieces += [("del", "".join(before[i:j])), ("ins", "".join(after[k:m]))]
    return pieces


def texts_between(old, new):
    """Return [{label, pieces}] for the words of two versions that differ."""
    changed = []
    for name in PracticeVersion.WRITABLE:
        if name != "language" and getattr(old, name) != getattr(new, name):
            pieces = words_between(getattr(old, name), getattr(new, name))
            changed.append({"label": PracticeVersion._meta.get_field(name).verbose_name, "pieces": pieces})
    return changed


def claims_between(old, new):
    """Return [pieces] for the claims of two versions, in order, those that stayed included."""
    before, after = ([_line(claim) for claim in version.claims.all()] for version in (old, new))
    compared = []
    for change, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if change == "equal":
            compared += [[("same", line)] for line in before[i:j]]
            continue
        gone, come = before[i:j], after[k:m]
        paired = min(len(gone), len(come))
        compared += [words_between(*pair) for pair in zip(gone, come, strict=False)]
        compared += [[("del", line)] for line in gone[paired:]]
        compared += [[("ins", line)] for line in come[paired:]]
    return compared


def _line(claim):
    if claim.opinion:
        return _("%(kind)s: %(text)s (opinion)") % {"kind": claim.get_kind_display(), "text": claim.text}
    return _("%(kind)s: %(text)s") % {"kind": claim.get_kind_display(), "text": claim.text}


def evidence_between(old, new, visible):
    """Return [{row, before, after}] for reports that came, went or bear otherwise on the whole.

    Only reports whose primary key is in `visible` are named.
    """
    before, after = _speaking(old), _speaking(new)
    changed = []
    for report in dict.fromkeys([*before, *after]):
        was, now = before.get(report), after.get(report)
        if report in visible and (was and was.bearing) != (now and now.bearing):
            changed.append({"row": now or was, "before": was, "after": now})
    return changed


def _speaking(version):
    """Return {report pk: its gravest Evidence in `version`}."""
    rows = [row for claim in version.claims.all() for row in claim.evidence.all()]
    rows.sort(key=lambda row: grading.GRAVITY.index(row.bearing))
    return {row.report_id: row for row in rows}
