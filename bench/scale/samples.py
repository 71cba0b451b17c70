"""What of the rows is asked for: tags common and rare, a report that is cited, the middle of a list."""

from django.db.models import Count, Max

from experiences.models import Context, Experience, ReportContext, ReportStake, Stake
from experiences.search.pagination import encode
from practices.models import Evidence, Practice

# The share of the reports that have three tags together.
SHARES = {"common": 1, "mid": 0.0025, "rare": 35e-6}
FACETS = ("audience", "kind")


class Samples:
    """The rows and addresses that the cases ask for."""

    def __init__(self):
        published = Experience.objects.published().order_by("-order_key")
        self.number = published.count()
        self.stakes = self._numbers(ReportStake, Stake.objects.all())
        self.values = {
            facet: self._numbers(ReportContext, Context.objects.stated().filter(facet__slug=facet))
            for facet in FACETS
        }
        self.tags = {name: self._three_tags(share) for name, share in SHARES.items()}
        self.stake = max(self.stakes, key=self.stakes.get)
        middle = published.values_list("order_key", flat=True)[self.number // 2]
        self.middle = encode("after", [0, middle])  # of the first group of rows
        newest = published.aggregate(last=Max("changed_at"))["last"]
        self.month = newest.strftime("%Y-%m-01")
        cited = Evidence.objects.public().values_list("report", flat=True)
        # With something of all that may hang under a report, and no practice.
        whole = published.exclude(measures=None).exclude(sources=None)
        self.report = whole.exclude(pk__in=cited[:5000]).first()
        self.cited = published.get(pk=cited.order_by("-report__order_key")[0])
        self.practice = Practice.objects.published().order_by("-grade", "-current").first()

    @staticmethod
    def _numbers(links, terms):
        """Return {slug: number of published reports} of `terms`, without those nobody has.

        In one order on every database: of terms with the same number, the same is chosen.
        """
        rows = links.objects.filter(content_object__status="published", tag__in=terms).order_by("tag__slug")
        return dict(rows.values_list("tag__slug").annotate(Count("pk")))

    def _three_tags(self, share):
        """Return the parameters of a stake, an audience and a kind that about this share of reports have, one
        report at least.
        """
        audiences, kinds = (self.values[facet] for facet in FACETS)
        expected = {
            (stake, audience, kind): one * two * three / self.number**3
            for stake, one in self.stakes.items()
            for audience, two in audiences.items()
            for kind, three in kinds.items()
        }
        for names in sorted(expected, key=lambda names: abs(expected[names] - share)):
            found = dict(zip(("stake", *FACETS), names, strict=True))
            if share == 1 or having(found).exists():
                return found
        raise ValueError("No report has three such tags.")


def having(tags):
    """Return the published reports that have all of `tags`, by taggit's own tables."""
    rows = Experience.objects.published().filter(stakes__slug=tags["stake"])
    for facet in FACETS:
        rows = rows.filter(contexts__name=f"{facet}={tags[facet]}")
    return rows
