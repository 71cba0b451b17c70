"""The grade of a practice, and how it moved, for programs."""

from django.utils.timezone import localtime

from config.rest.shapes import DAY_OR_MONTH, NUMBER, SLUGS, TEXT, WHOLE, component, many, one_of, thing
from practices.grading import FLAG_SENTENCES
from practices.models import LogLine, Practice

# How many reports and trials speak for it and against it, and from how many organisations or authors.
SPEAKING = (
    "supporting_reports", "supporting_trials", "contradicting_reports", "contradicting_trials", "attributed",
)  # fmt: skip


def grade_data(practice):
    """Return the grade readers see, with what it rests on and what would change it."""
    assessment = practice.assessment
    data = assessment.as_data()
    return {
        "code": f"G{practice.grade}",
        **{name: data[name] for name in ("rule_version", "independent_support", "contradictions", "flags")},
        "counted": {name: getattr(assessment, name) for name in SPEAKING},
        "reasons": assessment.reasons,
        "next": assessment.next,
        "lower": assessment.lower,
        "lowered_reason": practice.lowered_reason if practice.is_lowered else "",
    }


def grade_move_data(line):
    """Return a move of the grade, or of its flags."""
    on = localtime(line.at).date()
    return {
        "on": on.strftime("%Y-%m" if line.is_dated_by_month else "%Y-%m-%d"),
        "before": line.before,
        "after": line.after,
        "flags": line.flags,
        "cause": line.cause,
        "sentence": line.sentence,
        "rule_version": line.rule_version,
    }


@component("Grade")
def grade_shape():
    return thing(
        code=one_of(Practice.Grade.names),
        rule_version=WHOLE,
        independent_support=NUMBER,
        contradictions=NUMBER,
        counted=thing(**dict.fromkeys(SPEAKING, WHOLE)) | {"description": "Who speaks for and against it."},
        flags=many(one_of(FLAG_SENTENCES)),
        reasons=SLUGS,
        next=SLUGS | {"description": "What is missing for the next grade."},
        lower=SLUGS | {"description": "What would lower the grade; each is enough by itself."},
        lowered_reason=TEXT,
    )


@component("GradeMove")
def grade_move_shape():
    code = one_of(Practice.Grade.names)
    return thing(
        on=DAY_OR_MONTH | {"description": "Its month alone, where the day would date who did it."},
        before=code,
        after=code | {"description": "The same as before when only flags changed."},
        flags=many(one_of(FLAG_SENTENCES)),
        cause=one_of(LogLine.CAUSES),
        sentence=TEXT,
        rule_version=WHOLE,
    )
