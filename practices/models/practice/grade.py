"""The grade of a practice, computed from its evidence and stored; each change is a line of the log."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models import Experience
from experiences.models.fields import Line, month_end
from experiences.text.organisations import organisation_key
from practices import grading, notifications
from practices.grading.following import over_claims
from practices.models.evidence import Evidence
from practices.models.log import LogLine
from practices.models.practice.content import Grade
from practices.models.practice.state import PracticeState, require_curator
from practices.models.same_organisation import same_keys

REVIEW_AFTER = timedelta(days=365)  # of a practice whose grade was lowered and that has no date of its own
CONTEXTS_COUNTED = ("audience", "kind", "community-size")


class GradedPractice(PracticeState):
    """A practice with the grade that its evidence gives it."""

    Grade = Grade

    # Derived from the evidence by regrade(); nobody sets them.
    grade = models.PositiveSmallIntegerField(
        _("grade"), choices=Grade.choices, default=Grade.G0, editable=False
    )
    assessment_data = models.JSONField(default=dict, editable=False)
    # A curator may lower the grade by one, with a reason, until the next review; never raise it.
    lowered_reason = Line(_("why the grade was lowered"), max_length=400, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def assessment(self):
        """The Assessment behind the grade readers see."""
        return grading.Assessment.from_data(self.assessment_data)

    @property
    def flags(self):
        return self.assessment_data.get("flags", [])

    def lower_grade(self, *, by, reason):
        """Lower the grade by one until the next review, with a reason; without, give the computed one back.

        A review due later ends it: the practice's own, or one this sets in a year. So does the next version.
        """
        require_curator(by)
        self.check_line("lowered_reason", reason, "reason")
        columns = {"lowered_reason": reason.strip()}
        if columns["lowered_reason"]:
            columns["review_due_on"] = self._next_review()
        with transaction.atomic():
            self.compare_and_swap(**columns)
            self.regrade(cause="lowered" if reason.strip() else "given-back", by=by)
        return self

    def _next_review(self):
        today = timezone.localdate()
        due = self.review_due_on
        return due if due and due > today else today + REVIEW_AFTER

    @property
    def is_lowered(self):
        """Whether a curator lowered the grade and no review has come since."""
        due = self.review_due_on
        return bool(self.lowered_reason) and (due is None or due > timezone.localdate())

    def assess(self, working=False):
        """Assess what readers see, or the working copy; return a grading.Assessment."""
        claims = self.all_claims.filter(version=None if working or not self.current_id else self.current_id)
        rows = Evidence.objects.filter(
            claim__in=claims, stale=False, report__status=Experience.Status.PUBLISHED
        )
        facts = report_facts(rows)
        trials = [
            grading.TrialFact(
                trial.told_verdict, trial.by_id, trial.is_withheld, trial.successor and trial.report_id
            )
            for trial in self.trials.for_counting()
        ]
        return grading.assess(facts, trials, timezone.localdate())

    def with_lowering(self, code):
        """Return the grade shown for the computed grade `code`: one less if a curator lowered it."""
        return max(0, code - 1) if self.is_lowered else code

    def regrade(self, *, cause, by=None, known_to=None):
        """Recompute the grade, and list it again: lists find it by what it rests on, which may be other than
        it was though the grade is the same. As recompute_grade().
        """
        self.recompute_grade(cause=cause, by=by, known_to=known_to)
        type(self).objects.filter(pk=self.pk).list_again()

    def recompute_grade(self, *, cause, by=None, known_to=None):
        """Recompute the grade; if it or its flags changed, say so in the log. Inside a transaction, and for a
        caller who lists it again.

        `by` stands in the log, for curators; `known_to` is who caused it, and need not be told.
        """
        # Two changes at once must not each grade without the other: the second waits here.
        columns = ("grade", "assessment_data", "lowered_reason", "review_due_on")
        stored = type(self).objects.select_for_update().values(*columns)
        for name, value in stored.get(pk=self.pk).items():
            setattr(self, name, value)
        assessment = self.assess()
        grade = self.with_lowering(assessment.code)
        data = assessment.as_data()
        if grade == self.grade and data == self.assessment_data:
            return
        before, differs = self.grade, self._differs(grade, data)
        columns = {"grade": grade, "assessment_data": data, "changed_at": self._public_change_time(cause)}
        type(self).objects.filter(pk=self.pk).update(**columns)
        for name, value in columns.items():
            setattr(self, name, value)
        if grade != before:
            notifications.notify_grade(self, before, cause, known_to=known_to or by)
        if differs:
            self.log.create(
                verb="graded", by=by, before=f"G{before}", after=f"G{grade}", cause=cause,
                note=", ".join(data["flags"]), rule_version=grading.RULE_VERSION,
            )  # fmt: skip

    @staticmethod
    def _public_change_time(cause):
        """Return when readers may know that this changed: for what members did, the end of the month."""
        now = timezone.now()
        return month_end(now) if cause in LogLine.TOLD_BY_MONTH else now

    def _differs(self, grade, data):
        """Whether the log should say it: the grade, a flag or the rule is another, not the numbers alone."""
        ruled = self.assessment_data.get("rule_version", grading.RULE_VERSION) != grading.RULE_VERSION
        return grade != self.grade or data["flags"] != self.flags or ruled


def report_facts(rows):
    """Return one grading.Fact for each report among evidence `rows`, by its gravest bearing."""
    rows = rows.select_related("report", "claim").prefetch_related(
        "report__contexts__facet", "report__follow_ups"
    )
    by_report = {}
    for row in rows:
        by_report.setdefault(row.report_id, []).append(row)
    reports = [rows[0].report for rows in by_report.values()]
    keys = same_keys([organisation_key(report.organisation) for report in reports])
    return [_fact(report, by_report[report.pk], key) for report, key in zip(reports, keys, strict=True)]


def _fact(report, rows, organisation):
    known = (
        (context.facet.slug, context.slug)
        for context in report.contexts.all()
        if context.is_known and context.facet.slug in CONTEXTS_COUNTED
    )
    end = report.happened_on
    late = [
        one for one in report.follow_ups.all()
        if one.is_shown and one.holds and grading.months_between(end, one.told_on) >= grading.LATE_ENOUGH
    ]  # fmt: skip
    return grading.Fact(
        # A near miss or a warning whose outcome nobody knows yet sheds light, and counts for nothing.
        bearing=(
            Evidence.Bearing.ILLUMINATES
            if report.is_without_outcome
            else max((row.bearing for row in rows), key=grading.GRAVITY.index)
        ),
        verdict=report.verdict,
        followed=over_claims(row.followed for row in rows),
        report=report.pk,
        author=report.author_id,
        withheld=report.is_withheld,
        organisation=organisation,
        event=report.event_id,
        strength=report.strength,
        context=frozenset(known),
        happened_on=end,
        late_follow_ups=len(late),
        answered=all(row.note.strip() for row in rows if row.bearing == Evidence.Bearing.CONTRADICTS),
    )
