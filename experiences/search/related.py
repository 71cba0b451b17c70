"""What is near to what someone tells: the same stakes, a like context, rare words in common.

Never all rows are compared. The rarest words told, and the stakes, draw rows that are found by them
(models/word_profiles.py), and the newest come in any case; only these are compared, in a number of queries
that does not grow. How common a word is, is known of its language, and measured on the newest rows.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from statistics import fmean

from django.db import connection
from django.http import QueryDict

from experiences.models import Experience
from experiences.models.word_profiles import DIGITS, stake_term
from experiences.search import reasons, similarity
from experiences.search.reasons import FEWEST
from experiences.search.reports import ReportFilterSet
from experiences.search.words.stake_words import stakes_saying
from experiences.text.frequency import expected_share
from experiences.text.prose import prose
from experiences.text.stemming import stem, words
from experiences.text.telling_words import carries_matter

MOST = 3  # Beside a form, more would be read by nobody.
MOST_READ = 20_000  # Characters of what is told: twenty times a usual report.
SAMPLE = 200  # The newest rows of its language, on which the commonness of a word is measured,
KNOWN = 50  # beside what is known of the language, which counts as so many.
POOL = 200  # Rows that share most, which are compared beside the newest.
DRAWN = 500  # Rows that one word, or one stake, is looked for in, the newest first.
MOST_STEMS, DRAWING = 60, 32  # The weightiest words tell a subject; many more tell a style.
COMMON = 0.2  # A word of one text in five draws no rows.
# How often a word stands in a text counts less and less, and less in a long text (BM25). Measured on
# practices and what is known of their use: see bench/related.py.
SATURATION, LENGTH = 3, 0.75
TITLE = 0.5  # The words shared weigh half as much again in a row of which the whole title is told.
STAKE, ALIKE = 0.2, 0.1  # For the same stakes, for the same context, beside 1 for all the words.
OTHER_LANGUAGE = 0.5  # of the words told are taken to be known in it
IN_CONTEXT = 30  # Rows whose contexts are compared, too: the nearest by words and stakes.
LEAST = 0.08  # Without a stake in common, nothing is near below so much of all the words,
APART = 0.5  # nor, beside a form, below so much of the nearest row's score.
GUESSED = 2  # Stakes that nobody named, but that what is told comes close to.


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
        text = prose("\n".join([self.title, self.title, self.text])[:MOST_READ])
        for word, _start, _end in words(text):
            if carries_matter(word):
                found.setdefault(stem(word, self.language), [0, word])[0] += 1
        return found


@dataclass(frozen=True)
class Related:
    """A row near to what is told, and why, in a sentence."""

    row: object
    reason: str


def related_reports(told, user):
    """Return a few published reports of others related to the Subject `told`, best first, a failure among
    them; better none than one that is far-fetched.
    """
    filterset = ReportFilterSet(QueryDict(), user=user)
    rows = filterset.all()
    if user.is_authenticated:
        rows = rows.exclude(author=user)  # What one has told oneself, one knows.
    nearest = RelatedSearch(filterset, rows, told)
    found = nearest.close_keys
    keys = found[:MOST]
    failures = Experience.objects.visible_to(user).filter(verdict__in=Experience.Verdict.FAILURES)
    failed = set(failures.filter(pk__in=found).values_list("pk", flat=True))
    if len(keys) == MOST and not failed.intersection(keys):
        keys[-1:] = [pk for pk in found if pk in failed][:1] or keys[-1:]
    return nearest.explained(keys)


@dataclass(frozen=True)
class Shared:
    """What a row has of what is told."""

    words: dict  # {stem: weight} of those in its text,
    weights: dict  # and of those by which its stakes are called, too
    title: float  # 0 to 1: how much of its title is told
    language: str
    size: int  # how many different stems its text has
    stakes: list  # primary keys: all of its stakes


class RelatedSearch:
    """Compares what is told with `rows`, published rows of `filterset`.

    `keys` has those that are near, best first; `close_keys` leaves out what may seem far-fetched.
    """

    def __init__(self, filterset, rows, told):
        self.filterset, self.rows, self.told = filterset, rows, told
        self.Profile = rows.model.Profile
        self.my_stakes = {stake.pk for stake in told.stakes}
        self._measure()
        self.shared = self._read([*self._sharing(self._drawing()), *self.newest])
        self._compare()

    # --- Words ---------------------------------------------------------------------------------

    def _measure(self):
        """Weigh the words told: those that few rows have weigh most, what may be a mere name comes last."""
        said, language = self.told.said, self.told.language
        newest = self.Profile.objects.filter(language=language).order_by("-place")
        read = newest.values_list("pk", "place", "stems")[:SAMPLE]
        allowed = self._allowed([pk for pk, *_told in read])
        sample = [(place, stems) for pk, place, stems in read if pk in allowed]
        told = frozenset(said)
        self.having = Counter(one for _place, stems in sample for one in told.intersection(stems.split()))
        self.newest = [place for place, _stems in sample]
        self.shares = {one: self._share(one, language) for one in said}
        weights = {one: (1 + log(often)) * -log(self.shares[one]) for one, (often, _word) in said.items()}
        # Said once, and by none of the newest rows: rather a name or a slip than a subject.
        order = sorted(weights, key=lambda one: (said[one][0] == 1 and not self.having[one], -weights[one]))
        self.weights = {one: weights[one] for one in order[:MOST_STEMS]}
        self.said_by_stakes = stakes_saying(self.weights)

    def _share(self, one, language):
        """Return in what share of texts a stem stands: of all in its language, or of those here if more."""
        known = expected_share(one, language)
        return max(known, (self.having[one] + KNOWN * known) / (len(self.newest) + KNOWN))

    def _allowed(self, keys):
        return set(self.rows.filter(pk__in=keys).values_list("pk", flat=True))

    # --- Rows to compare -----------------------------------------------------------------------

    def _drawing(self):
        """Return {term: weight} of what draws rows: the weightiest words that are not common, and stakes."""
        telling = [one for one in self.weights if self.shares[one] <= COMMON][:DRAWING]
        drawing = {one: self.weights[one] for one in telling}
        whole = sum(drawing.values()) or 1
        guessed = {
            pk: sum(self.weights[one] for one in stems)
            for pk, stems in self.said_by_stakes.items()
            if len(stems) >= FEWEST
        }
        nearest = sorted(guessed, key=lambda pk: -guessed[pk])[:GUESSED]
        stakes = {pk: guessed[pk] / whole for pk in nearest} | dict.fromkeys(self.my_stakes, STAKE * whole)
        return drawing | {stake_term(pk): weight for pk, weight in stakes.items()}

    def _sharing(self, drawing):
        """Return the places of the rows that share most of `drawing`, the newest first among equals."""
        if not drawing:
            return []
        of_a_term = (
            "SELECT * FROM (SELECT %s AS weight, place"
            f" FROM {self.Profile.Posting._meta.db_table}"
            f" WHERE term = %s ORDER BY place DESC LIMIT {DRAWN}) AS newest"
        )
        sql = (
            f"SELECT place FROM ({' UNION ALL '.join([of_a_term] * len(drawing))}) AS drawn"
            f" GROUP BY place ORDER BY sum(weight) DESC, place DESC LIMIT {POOL}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for term, weight in drawing.items() for value in (weight, term)])
            return [place for (place,) in cursor.fetchall()]

    def _read(self, places):
        """Return {key: Shared} of the rows at `places`, in this order."""
        columns = ("place", "pk", "title", "stems", "weights", "language", "size", "stakes")
        read = self.Profile.objects.filter(place__in=set(places)).values_list(*columns)
        profiles = {place: profile for place, *profile in read}
        allowed = self._allowed([pk for pk, *_told in profiles.values()])
        found = (profiles[place] for place in dict.fromkeys(places) if place in profiles)
        return {pk: self._shared(*told) for pk, *told in found if pk in allowed}

    def _shared(self, title, stems, weights, language, size, stakes):
        marked = dict(zip(stems.split(), weights, strict=True))
        shared = {one: DIGITS.index(marked[one]) for one in self.weights.keys() & marked.keys()}
        every = dict(shared)
        for pk in stakes:
            for one, times in self.said_by_stakes.get(pk, {}).items():
                every[one] = every.get(one, 0) + times
        titled = title.split()
        told = sum(one in self.told.said for one in titled) / len(titled) if titled else 0
        return Shared(shared, every, told, language, size, stakes)

    # --- Comparing -----------------------------------------------------------------------------

    def _compare(self):
        """Score the rows; the contexts only of those that are nearest without them."""
        self.whole = self._whole()
        self.usual_size = fmean(row.size for row in self.shared.values()) if self.shared else 1
        self.scores = {pk: self._score(pk) for pk in self.shared if self._is_near(pk)}
        order = sorted(self.scores, key=self._farthest_last)  # stable: the newest first among equals
        nearest, rest = order[:IN_CONTEXT], order[IN_CONTEXT:]
        self.mine = similarity.known(self.told.contexts)
        contexts = self.filterset.contexts_of(nearest)
        self.contexts = {pk: similarity.known(contexts[pk]) for pk in nearest}
        for pk in nearest:
            self.scores[pk] += ALIKE * (similarity.likeness(self.mine, self.contexts[pk]) or 0)
        self.keys = [*sorted(nearest, key=self._farthest_last), *rest]

    def _farthest_last(self, pk):
        return -self.scores[pk]

    def _whole(self):
        """Return {language: the weight of the words told that rows in it have}: no row can share others.

        In the other language these are few: as if half of the words were known there, at least.
        """
        known = {self.told.language: set(self.having)}
        for row in self.shared.values():
            known.setdefault(row.language, set()).update(row.weights)
        whole = {language: sum(self.weights.get(one, 0) for one in some) for language, some in known.items()}
        least = max(whole.values()) * OTHER_LANGUAGE
        return {language: max(weight, least) for language, weight in whole.items()}

    def _is_near(self, pk):
        alike = len(self.shared[pk].weights) >= FEWEST and self._words_shared(pk) >= LEAST
        return alike or bool(self.same_stakes(pk))

    def _score(self, pk):
        row, same = self.shared[pk], self.same_stakes(pk)
        stakes = len(same) / len({*self.my_stakes, *row.stakes}) if same else 0
        return self._words_shared(pk) * (1 + TITLE * row.title) + STAKE * stakes

    def _words_shared(self, pk):
        """Return 0 to 1: how much of the weight of the words told this row has."""
        row, got = self.shared[pk], 0
        damp = SATURATION * (1 - LENGTH + LENGTH * row.size / self.usual_size)
        for one, times in row.weights.items():
            got += self.weights[one] * times / (times + damp)
        whole = self.whole[row.language]
        return got / whole if whole else 0

    def same_stakes(self, pk):
        """Return the keys of the stakes that the row names, and what is told, too."""
        return [stake for stake in self.shared[pk].stakes if stake in self.my_stakes]

    # --- What is shown -------------------------------------------------------------------------

    @property
    def close_keys(self):
        """Those of `keys` that a reader sees at once why they stand there."""
        least = max(self.scores.values(), default=0) * APART
        return [pk for pk in self.keys if self.same_stakes(pk) or self._is_close(pk, least)]

    def _is_close(self, pk, least):
        """Whether a row that names none of the stakes is close all the same: by rare words, or in another
        language by what its stake is called.
        """
        if self.scores[pk] < least:
            return False
        other = not self.is_in_one_language(pk)
        return len(reasons.rare_words(self, pk)) >= FEWEST or (other and reasons.closest_stake(self, pk))

    def is_in_one_language(self, pk):
        """Whether the row is told in the language of what is told."""
        return self.shared[pk].language == self.told.language

    def explained(self, keys):
        """Return a Related for each of `keys`, in order."""
        rows = self.filterset.all().for_titles().in_bulk(keys)
        return [Related(rows[pk], reasons.reason(self, pk)) for pk in keys if pk in rows]
