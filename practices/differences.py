"""Two versions of a practice compared word by word."""

from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from experiences.comparing import words_between
from practices import grading
from practices.models import PracticeVersion


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
