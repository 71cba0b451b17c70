"""Two copies of a practice compared: two of its versions, or a version and the working copy.

A claim is followed by its `lasting_id`, however it is worded; evidence by its claim and its report.
"""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiences.text.word_diff import diff_pages, diff_words

TAGS = {"stakes": "stake_slugs", "contexts": "context_slugs"}


@dataclass
class Copy:
    """One copy of a practice: its content, its claims with their evidence, and its grade."""

    words: object
    claims: list
    grade: int


def frozen(version):
    return Copy(version, list(version.claims.all()), version.grade)


def working(practice):
    grade = practice.with_lowering(practice.assess(working=True).code)
    return Copy(practice, practice.standing_claims(), grade)


# --- How much differs ----------------------------------------------------------------------------


def count_changes(old, new):
    """Return how much differs from one Copy to the next as data; {} when there is none before.

    Nothing that may change later is count_changes: no excerpt, as the report it quotes may be erased.
    """
    if old is None:
        return {}
    pairs = _pairs(old.claims, new.claims)
    return {
        "words": [name for name, column in _columns(new.words).items() if _differ(old, new, column)],
        "claims": {
            "added": sum(before is None for before, _after in pairs),
            "removed": sum(after is None for _before, after in pairs),
            "reworded": sum(bool(one and two and _line(one) != _line(two)) for one, two in pairs),
        },
        "evidence": _count_evidence_changes(pairs),
    }


def changes_of_versions(practice):
    """Yield each version of `practice` with how it differs from the one before, count_changes again."""
    before = None
    for version in practice.versions.prefetch_related("claims__evidence"):
        copy = frozen(version)
        yield version, count_changes(before, copy)
        before = copy


def _columns(words):
    return {name: name for name in words.WRITABLE} | TAGS


def _differ(old, new, column):
    before, after = getattr(old.words, column), getattr(new.words, column)
    return sorted(before) != sorted(after) if column in TAGS.values() else before != after


def _count_evidence_changes(pairs):
    numbers = {"added": 0, "removed": 0, "changed": 0}
    for was, now in (rows for pair in pairs for rows in _evidence_pairs(*pair)):
        if not was or not now:
            numbers["removed" if was else "added"] += 1
        elif was.bearing != now.bearing:
            numbers["changed"] += 1
    return numbers


def sentences(changes):
    """Say what count_changes() found, as whole sentences."""
    if not changes:
        return [_("This is the first version.")]
    claims, evidence = changes["claims"], changes["evidence"]
    forms = [
        ngettext("%(n)s claim was added.", "%(n)s claims were added.", claims["added"]),
        ngettext("%(n)s claim was removed.", "%(n)s claims were removed.", claims["removed"]),
        ngettext("%(n)s claim was reworded.", "%(n)s claims were reworded.", claims["reworded"]),
        ngettext("%(n)s citation was added.", "%(n)s citations were added.", evidence["added"]),
        ngettext("%(n)s citation was removed.", "%(n)s citations were removed.", evidence["removed"]),
        ngettext("%(n)s citation bears otherwise.", "%(n)s citations bear otherwise.", evidence["changed"]),
    ]
    # By name: what comes back from JSON has its keys in no order one can count on.
    numbers = [claims["added"], claims["removed"], claims["reworded"]]
    numbers += [evidence["added"], evidence["removed"], evidence["changed"]]
    found = [sentence % {"n": n} for sentence, n in zip(forms, numbers, strict=True) if n]
    if changes["words"]:
        names = ", ".join(_labels()[name] for name in changes["words"])
        found.insert(0, _("Words that changed: %(names)s.") % {"names": names})
    return found or [_("Nothing differs from the version before.")]


def _labels():
    return {
        "title": _("title"),
        "language": _("language"),
        "summary": _("summary"),
        "why": _("why"),
        "how": _("how"),
        "applies_when": _("applies when"),
        "avoid_when": _("avoid when"),
        "pitfalls": _("pitfalls"),
        "stakes": _("stakes"),
        "contexts": _("contexts it is meant for"),
    }


# --- What differs, word by word ------------------------------------------------------------------


def texts_between(old, new):
    """Return [{label, pieces}] for what two copies say otherwise beside their claims.

    No pieces: the words are the same, laid out otherwise.
    """
    changed = [name for name, column in _columns(new.words).items() if _differ(old, new, column)]
    return [
        {
            "label": capfirst(_labels()[name]),
            "pieces": compare(_in_words(old.words, name), _in_words(new.words, name)),
        }
        for name in changed
        for compare in [diff_pages if name in old.words.TEXTS else diff_words]
    ]


def _in_words(words, name):
    if name == "language":
        return words.get_language_display()
    if name in TAGS:
        tags = words.stakes_said() if name == "stakes" else words.contexts_said()
        return "\n".join(sorted(tag.label for tag in tags))
    return getattr(words, name)


def claims_between(old, new, visible):
    """Return [{pieces, evidence, is_cited}] for the claims of two copies, those that stayed included.

    `visible` holds the primary keys of the reports that may be named and quoted.
    """
    compared = []
    for pair in _pairs(old.claims, new.claims):
        rows = _evidence_pairs(*pair)
        compared.append(
            {
                "pieces": diff_words(*(_line(claim) if claim else "" for claim in pair)),
                "evidence": [_evidence(was, now, visible) for was, now in rows if _moved(was, now)],
                "is_cited": bool(rows),
            }
        )
    return compared


def _pairs(before, after):
    """Return [(old, new)] for the claims of both, in the new order; what went stands where it stood."""
    known = {claim.lasting_id: claim for claim in before}
    staying = {claim.lasting_id for claim in after}
    gone, last = {}, None
    for claim in before:
        if claim.lasting_id in staying:
            last = claim.lasting_id
        else:
            gone.setdefault(last, []).append((claim, None))
    pairs = gone.get(None, [])
    for claim in after:
        pairs += [(known.get(claim.lasting_id), claim), *gone.get(claim.lasting_id, ())]
    return pairs


def _line(claim):
    if claim.opinion:
        return _("%(kind)s: %(text)s (opinion)") % {"kind": claim.get_kind_display(), "text": claim.text}
    return _("%(kind)s: %(text)s") % {"kind": claim.get_kind_display(), "text": claim.text}


def _evidence_pairs(old, new):
    """Return [(was, now)] for the evidence under a claim in two copies, by report."""
    was, now = ({row.report_id: row for row in claim.evidence.all()} if claim else {} for claim in (old, new))
    return [(was.get(report), now.get(report)) for report in dict.fromkeys([*was, *now])]


def _moved(was, now):
    return not (was and now) or any(
        getattr(was, name) != getattr(now, name) for name in ("bearing", "excerpt", "note", "followed")
    )


def _evidence(was, now, visible):
    """Return what compare.html shows of evidence that came, went or changed."""
    report = (now or was).report
    seen = report.pk in visible
    return {
        "report": report,
        "seen": seen,
        "was": was,
        "now": now,
        "same_bearing": bool(was and now and was.bearing == now.bearing),
        "excerpt": diff_words(*_quoted("excerpt", was, now)) if seen else [],
        "note": diff_words(*_quoted("note", was, now)) if seen else [],
    }


def _quoted(name, *rows):
    """Return the words of two rows, but what its author has since taken out of the report."""
    return [getattr(row, name) if row and not (name == "excerpt" and row.stale) else "" for row in rows]
