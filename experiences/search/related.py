"""What is near to what someone tells: the same stakes, similar words, a like context.

Never all rows are ranked. Two pools are drawn, of the newest that share the weightiest words and
of the newest that share a stake; only they are compared, in a number of queries that does not grow.
How common a word is, is measured on the newest rows.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiences import search_index
from experiences.models import Experience
from experiences.search import similarity
from experiences.search.filters import ReportFilterSet
from experiences.text.stemming import STOP_WORDS, stem, words

MOST = 3  # Beside a form, more would be read by nobody.
MOST_READ = 20_000  # Characters of what is told: twenty times a usual report.
SAMPLE = 200  # Rows on which the commonness of a word is measured.
POOL = 200  # Rows that share words, and as many that share a stake.
MOST_STEMS, FEWEST_STEMS = 60, 6  # The weightiest words tell a subject; many more tell a style.
TOO_COMMON = 0.05  # Of the sample: a word of one text in twenty would draw too many rows to choose from.
# How often a word stands in a text counts less and less, and less in a long text (BM25). Measured on
# practices and what is known of their use: see bench/related.py.
SATURATION, LENGTH = 3, 0.75
TITLE = 0.5  # The words shared weigh half as much again in a row of which the whole title is told.
STAKE, ALIKE = 0.2, 0.1  # For the same stakes, for the same context, beside 1 for all the words.
# Without a stake in common, nothing is near below so much of all the words, or of the nearest row's score.
LEAST, APART = 0.08, 0.5
FEWEST = 2  # One word in common is chance.
SAID = 3  # Words, and facets, that a reason names.

STOP_STEMS = frozenset(stem(word, language) for word in STOP_WORDS for language in ("en", "fr"))


@dataclass(frozen=True)
class Subject:
    """What someone tells: all that nearness is measured from."""

    text: str
    language: str
    title: str = ""
    stakes: list = field(default_factory=list)
    contexts: list = field(default_factory=list)

    @classmethod
    def of(cls, report):
        """Return what `report` tells, whether it is stored or still in a form."""
        text = "\n".join(getattr(report, name) for name in report.TEXTS)
        known = report.language in report.Language.values  # A form may have none.
        language = report.language if known else report.Language.ENGLISH
        return cls(text, language, report.title, list(report.given("stakes")), list(report.given("contexts")))

    @cached_property
    def said(self):
        """The words that carry matter, as {stem: [how often, as first written]}; a title says them twice."""
        found = {}
        text = "\n".join([self.title, self.title, self.text])[:MOST_READ]
        for word, _start, _end in words(text):
            if len(word) > 1 and not word.isdecimal() and word.casefold() not in STOP_WORDS:
                found.setdefault(stem(word, self.language), [0, word])[0] += 1
        return found


@dataclass(frozen=True)
class Related:
    """A row near to what is told, and why, in a sentence."""

    row: object
    reason: str


def related_reports(told, user, most=MOST):
    """Return up to `most` published reports of others related to the Subject `told`, best first, a failure
    among them.
    """
    filterset = ReportFilterSet(QueryDict(), user=user)
    rows = filterset.all()
    if user.is_authenticated:
        rows = rows.exclude(author=user)  # What one has told oneself, one knows.
    nearest = RelatedSearch(filterset, rows, told)
    keys = nearest.keys[:most]
    failures = Experience.objects.visible_to(user).filter(verdict__in=Experience.Verdict.FAILURES)
    failed = set(failures.filter(pk__in=nearest.keys).values_list("pk", flat=True))
    if len(keys) == most and not failed.intersection(keys):
        keys[-1:] = [pk for pk in nearest.keys if pk in failed][:1] or keys[-1:]
    return nearest.explained(keys, language=lambda report: report.language)


class RelatedSearch:
    """Compares what is told with `rows`, published rows of `filterset`."""

    def __init__(self, filterset, rows, told):
        self.filterset, self.rows, self.told = filterset, rows.order_by(*filterset.keys["newest"]), told
        self.index = filterset.index
        self._measure()
        self._compare()

    def _measure(self):
        """Weigh the words told: those that few rows have weigh most, what may be a mere name comes last."""
        said = self.told.said
        sample = self.index.counted(self._keys(self.rows, SAMPLE), set(said))
        self.having = Counter(one for counted in sample.values() for one in counted.weights)
        self.sampled = max(1, len(sample))
        self.usual_size = sum(counted.size for counted in sample.values()) / self.sampled or 1
        weights = {one: (1 + log(often)) * self._rarity(one) for one, (often, _word) in said.items()}
        # Said once, and by none of the newest rows: rather a name or a slip than a subject.
        order = sorted(weights, key=lambda one: (said[one][0] == 1 and not self.having[one], -weights[one]))
        self.weights = {one: weights[one] for one in order[:MOST_STEMS]}

    def _rarity(self, one):
        return log(1 + (self.sampled - self.having[one] + 0.5) / (self.having[one] + 0.5))

    def _compare(self):
        """Score the rows of both pools; `keys` has those that are near, best first."""
        pool = list(dict.fromkeys([*self._sharing_words(), *self._sharing_stakes()]))
        self.counted = self.index.counted(pool, set(self.weights))
        known = {one for counted in self.counted.values() for one in counted.weights} | set(self.having)
        self.whole = sum(weight for one, weight in self.weights.items() if one in known)
        links = self.filterset.stake_links.filter(content_object__in=pool).select_related("tag")
        self.stakes = {}
        for link in links.order_by("tag__competency__position", "tag__position"):
            self.stakes.setdefault(link.content_object_id, []).append(link.tag)
        contexts = self.filterset.contexts_of(pool)
        self.contexts = {pk: similarity.known(contexts.get(pk, ())) for pk in pool}
        self.mine = similarity.known(self.told.contexts)
        scores = {pk: self._score(pk) for pk in pool if self._is_near(pk)}
        least = max(scores.values(), default=0) * APART
        near = [pk for pk in scores if self._same_stakes(pk) or scores[pk] >= least]
        self.keys = sorted(near, key=lambda pk: -scores[pk])  # stable: the newest first among equals

    # --- Pools ---------------------------------------------------------------------------------

    @staticmethod
    def _keys(rows, most):
        return list(rows.values_list("pk", flat=True)[:most])

    def _sharing_words(self):
        stems = self._drawing_stems()
        return self._keys(self.index.matching(self.rows, search_index.AnyOf(stems)), POOL) if stems else []

    def _drawing_stems(self):
        """Return the weightiest stems, as many as will draw about a pool of rows."""
        if self.sampled < SAMPLE:
            return list(self.weights)
        whole = (
            self.rows.order_by("-pk").values_list("pk", flat=True).first()
        )  # at least as many as there are
        chosen, drawn = [], 0
        for one in self.weights:
            share = self.having[one] / SAMPLE
            if share <= TOO_COMMON and (len(chosen) < FEWEST_STEMS or drawn < POOL):
                chosen.append(one)
                drawn += whole * max(share, 0.5 / SAMPLE)
        return chosen

    def _sharing_stakes(self):
        if not self.told.stakes:
            return []
        links = self.filterset.stake_links.filter(tag__in=self.told.stakes)
        return self._keys(self.rows.filter(pk__in=links.values("content_object")), POOL)

    # --- Comparing -----------------------------------------------------------------------------

    def _is_near(self, pk):
        if pk not in self.counted:
            return False  # Its search row is being written.
        alike = len(self.counted[pk].weights) >= FEWEST and self._words_shared(pk) >= LEAST
        return alike or bool(self._same_stakes(pk))

    def _score(self, pk):
        same, theirs = self._same_stakes(pk), self.stakes.get(pk, [])
        stakes = len(same) / len({*self.told.stakes, *theirs}) if same else 0
        alike = similarity.likeness(self.mine, self.contexts[pk]) or 0
        words_shared = self._words_shared(pk) * (1 + TITLE * self._title_told(pk))
        return words_shared + STAKE * stakes + ALIKE * alike

    def _words_shared(self, pk):
        """Return 0 to 1: how much of the weight of the words told this row has."""
        counted, got = self.counted[pk], 0
        damp = SATURATION * (1 - LENGTH + LENGTH * counted.size / self.usual_size)
        for one, times in counted.weights.items():
            got += self.weights[one] * times / (times + damp)
        return got / self.whole if self.whole else 0

    def _title_told(self, pk):
        """Return 0 to 1: how much of the row's title is told."""
        title = self.counted[pk].title - STOP_STEMS
        return len(title.intersection(self.told.said)) / len(title) if title else 0

    def _same_stakes(self, pk):
        return [stake for stake in self.stakes.get(pk, ()) if stake in self.told.stakes]

    # --- Reasons -------------------------------------------------------------------------------

    def explained(self, keys, language):
        """Return a Related for each of `keys`, in order; `language` gives that of a row's words."""
        rows = self.filterset.all().for_list().in_bulk(keys)
        return [
            Related(rows[pk], self._reason(pk, language(rows[pk]) == self.told.language))
            for pk in keys
            if pk in rows
        ]

    def _reason(self, pk, one_language):
        """Return whole sentences: the stakes, the facets and the words in common."""
        stakes, facets = self._same_stakes(pk), self._same_facets(pk)
        said = self._same_words(pk) if one_language else []
        sentences = []
        if stakes:
            text = ngettext("Same stake: %(stakes)s.", "Same stakes: %(stakes)s.", len(stakes))
            sentences.append(text % {"stakes": ", ".join(stake.label for stake in stakes)})
        elif not one_language and self.stakes.get(pk):
            text = _("What you tell is close to this stake: %(stake)s.")
            sentences.append(text % {"stake": self.stakes[pk][0].label})
        if facets:
            sentences.append(_("In common: %(facets)s.") % {"facets": ", ".join(facets)})
        if said:
            sentences.append(_("Same words: %(words)s.") % {"words": ", ".join(said)})
        return " ".join(sentences)

    def _same_facets(self, pk):
        """Return the facets in which both give the same answer, the telling ones first."""
        theirs = self.contexts[pk]
        # A budget is never shown alone, so it is never named here.
        facets = (one for one in similarity.WEIGHTS if one in self.mine and one in theirs and one != "budget")
        alike = (self.mine[facet] & theirs[facet] for facet in facets)
        return [next(iter(same)).facet.label for same in alike if same][:SAID]

    def _same_words(self, pk):
        """Return the weightiest words in common, as they were written first."""
        if self._words_shared(pk) < LEAST:
            return []
        having = self.counted[pk].weights
        return [self.told.said[one][1] for one in self.weights if having[one]][:SAID]
