"""What became of reports once they were published, told back to who wrote them."""

from dataclasses import dataclass

from experiences.models import Experience, ReportReads
from experiences.models.reads import reads_words, rounded


@dataclass(frozen=True)
class Use:
    """In how many claims of how many practices a report is cited, how often those were tried, and about how
    often it was read.
    """

    claims: int = 0
    practices: int = 0
    trials: int = 0
    read: int = 0

    @property
    def reads_words(self):
        return reads_words(self.read)

    def as_data(self):
        """Return the same for programs: `reads` is null under ten."""
        cited = {"claims": self.claims, "practices": self.practices, "trials": self.trials}
        return cited | {"reads": rounded(self.read)}


def with_use(reports):
    """Give each of `reports`, all of one author, its `use`; none to what was never public."""
    keys = [report.pk for report in reports if report.published_at]
    cited = Experience.evidence.rel.related_model.objects.use_of(keys) if keys else {}
    read = ReportReads.objects.totals(keys) if keys else {}
    for report in reports:
        known = report.pk in keys
        report.use = Use(*cited.get(report.pk, (0, 0, 0)), read.get(report.pk, 0)) if known else None
    return reports
