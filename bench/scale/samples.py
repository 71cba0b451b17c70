"""What of the rows is asked for: tags common and rare, a report that is cited, the middle of a list."""

from collections import Counter

from django.db.models import Count, Max

from experiences.models import Context, Experience, ReportContext, ReportStake, Stake
from experiences.search.pagination import encode
from experiences.text.stemming import STOP_WORDS
from experiences.text_index.index import REPORTS
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
        self.words = Words(REPORTS.catch_up().searcher)
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


class Words:
    """Words of the texts, by how many of these have them; none that is also a number or very short."""

    COMMON, TENTH, RARE = 1, 0.1, 0.001  # shares of the texts
    SEVEN = (0.3, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001)
    EACH_NEW = 200  # words of a third of the texts and more, or as many as there are

    def __init__(self, searcher):
        counted = Counter()
        for term, number in searcher.terms_with_prefix("words", ""):
            word = term.partition("/")[0]
            if len(word) > 3 and word.isalpha() and word not in STOP_WORDS:
                counted[word] += number
        self._counted, self._texts = counted, searcher.num_docs
        self.commonest, self.tenth, self.rare = map(self._near, (self.COMMON, self.TENTH, self.RARE))
        self.seven = " ".join(map(self._near, self.SEVEN))
        self.each_new = [word for word, _number in counted.most_common(self.EACH_NEW)]

    def _near(self, share):
        """Return the word that about this share of the texts have."""
        return min(self._counted, key=lambda word: (abs(self._counted[word] / self._texts - share), word))


def having(tags):
    """Return the published reports that have all of `tags`, by taggit's own tables."""
    rows = Experience.objects.published().filter(stakes__slug=tags["stake"])
    for facet in FACETS:
        rows = rows.filter(contexts__name=f"{facet}={tags[facet]}")
    return rows
