"""Finding practices: the same reading of an address as for reports, over what readers see."""

import json
import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from experiences.list_index import held, tags
from experiences.list_index.columns import as_bits, as_mask, has_bits, places
from experiences.search import similarity
from experiences.search.filters import LIKENESS_STEPS, FilterSet, marks
from experiences.search.term_counts import codes_of
from experiences.search.words.matches import plain_texts
from experiences.text_index.index import index
from practices.list_index.models import ListedPractice
from practices.list_index.outcomes import unpack
from practices.list_index.rows import VOICES_FROM
from practices.models import Practice
from practices.models.practice.texts import PracticeText

SLUG = re.compile("[-a-zA-Z0-9_]{1,80}")
VERSION = (1 << VOICES_FROM) - 1  # of an order key, the part that is the current version
# What a report from a context like the reader's brings a practice that it tells of, in halves.
GAINS = {"worked": 2, "worked-in-part": 1, "too-early": 0, "no-effect": -2, "backfired": -2, "abandoned": -2}
GAINS_BY_PLACE = np.array([GAINS[verdict] for verdict in tags.VERDICTS])
GRADED = ("grade", "assessment_data", "lowered_reason", "review_due_on")  # what is told of a grade
MOST_GAIN = 2**14  # Scores are whole numbers, none below nought.


# The answer, before what it rests on.
FOR_SNIPPETS = ("summary", "how", "applies_when", "avoid_when", "why", "pitfalls")


@dataclass
class PracticeInList:
    """What lists show of a practice that readers read: what was written for them."""

    pk: int
    slug: str
    item: str  # as JSON
    card: str
    packed: bytes
    grade: int
    assessment_data: str  # as JSON
    lowered_reason: str
    review_due_on: date | None

    @cached_property
    def told(self):
        """The item as {name: value}."""
        return json.loads(self.item)

    @cached_property
    def graded(self):
        """The practice, of which no more is known than its address and its grade, which speaks in sentences:
        so it is told when it is read.
        """
        columns = {name: getattr(self, name) for name in ("pk", "slug", *GRADED)}
        return Practice(**columns | {"assessment_data": json.loads(self.assessment_data)})

    @cached_property
    def outcomes(self):
        return unpack(bytes(self.packed))


class PracticeFilterSet(FilterSet):
    """Finds published practices. A context fits when the practice is meant for it or rests on it.

    By likeness, those come first that worked in contexts like the reader's (more reports of it than of the
    contrary), and among equals those that are meant for, or rest on, contexts more like it.

    A page that `reads` in a language shows each practice once; programs and feeds get them all, as
    each says of what it is a translation.
    """

    orderings = ("newest", "oldest", "relevance", "likeness", "grade")
    filters = ("min_grade", "practice")
    counted = {"language": "language", "grade": "min_grade"}
    listed = held.hold(ListedPractice)
    beside = (held.REPORTS,)
    as_answers = True
    index = index(listed, PracticeText)

    def __init__(self, params, user, situation=..., first="", reads=""):
        self.reads = reads
        super().__init__(params, user, situation, first)

    def usual_ordering(self):
        """Programs are given the newest; pages begin with what worked in contexts like the reader's, or else
        with what holds best.
        """
        if not self.reads:
            return super().usual_ordering()
        return "likeness" if self.situation else "grade"

    def fitting(self, without=None):
        bits = super().fitting(without)
        # The numbers beside the languages are those that choosing one of them gives.
        return self._once(bits) if self.reads and without != "language" else bits

    def _once(self, bits):
        """Leave out practices that are also found in the reader's language, so that each is listed once.

        One that is here in another language only stays: nothing that was found is lost.
        """
        return bits & (self._here | ~self._families(bits & self._here))

    @property
    def _here(self):
        """The bits of all that is listed in the reader's language."""
        return self.columns.listed & self.columns.having([tags.said("language", self.reads)])

    def _families(self, bits):
        """Return the bits of the rows `bits`, and of what says the same in other languages."""
        columns, family = self.columns, self.columns.extra["family"]
        return as_bits(np.isin(family, family[places(bits, columns.size)]))

    def _written_in(self, language):
        """As of all lists; where a page shows each practice once, without what can be read in the reader's
        language: there it is found.
        """
        bits = super()._written_in(language)
        if not self.reads or language == self.reads:
            return bits
        return bits & ~self._families(self._here)

    def keys_of_page(self):
        """Return those that words find in the reader's language where they can be read in it, whichever
        language has the words: whoever reads one of them is shown no other.
        """
        keys, page = super().keys_of_page()
        self._found_as = {}
        if self.reads and self.ordering == "relevance" and "language" not in self.chosen:
            self._found_as = {self._translated(key): key for key in keys}
            keys = list(self._found_as)
        return keys, page

    def _translated(self, key):
        """Return the key of what is the row `key` in the reader's language; its own, where nothing is."""
        columns, place = self.columns, self.columns.place_of(key)
        if has_bits(self._here, np.array([place]))[0]:
            return key
        family = columns.extra["family"]
        same = columns.keys[(family == family[place]) & as_mask(self._here, columns.size)]
        return int(same[0]) if len(same) else key

    def _lacking(self, key):
        return super()._lacking(self._found_as.get(key, key))

    def best_with(self, stake, most, among):
        """Return the keys of up to `most` of the practices `among`, bits, that have a stake: by grade, by
        voices, the newest among equals.
        """
        having = among & self.columns.having(list(codes_of(stake)))
        return self.columns.keys[self.columns.page(having, most)].tolist()

    def _order_keys(self):
        return None if self.ordering == "grade" else self.columns.order_keys & VERSION

    def counts_apart(self, name):
        """Those of languages always, where a page shows each practice once: as choosing one finds them."""
        return super().counts_apart(name) or (name == "language" and bool(self.reads))

    def all(self):
        return Practice.objects.visible_to(self.user).published()

    def _texts_of(self, keys):
        rendered = Practice.objects.filter(pk__in=keys).values_list("pk", "current__html")
        return {key: plain_texts(html, FOR_SNIPPETS) for key, html in rendered}

    def _read_columns(self):
        super()._read_columns()
        self._read_least("min_grade", "grade")
        self._read_practices()

    def _read_practices(self):
        """Ask for any of the practices that are named; one that is retired is known, and in no list."""
        slugs = [slug for slug in dict.fromkeys(self.params.getlist("practice")) if slug]
        self.named = readable_practices(slugs)
        for slug in slugs:
            if slug not in self.named:
                raise ValidationError({"practice": no_practice_at(slug)})
        if slugs:
            self.chosen["practice"] = slugs
            keys = [key for key, _title in self.named.values()]
            self._conditions["practice"] = [lambda columns: columns.of_keys(keys)]

    def label_of(self, name, value):
        return self.named[value][1] if name == "practice" else super().label_of(name, value)

    # --- In contexts like the reader's ---------------------------------------------------------

    def are_alike(self, keys):
        """Return whether each of the reports `keys`, an array, comes from a context like the reader's."""
        reports = self.lists_held[1].columns
        return similarity.is_alike(
            similarity.scores(reports, self.mine, self.weights, reports.places_of(keys))
        )

    def _likeness(self):
        gains = self._gains_alike().clip(-MOST_GAIN, MOST_GAIN) + MOST_GAIN
        return gains * (LIKENESS_STEPS + 1) + super()._likeness()

    def _gains_alike(self):
        """Return what reports from contexts like the reader's bring each practice, by place."""
        told, of = self._outcomes_of_all()
        gains = GAINS_BY_PLACE[told.verdicts] * (self.are_alike(told.keys) & ~told.otherwise)
        return np.bincount(of, gains, self.columns.size).astype(np.int64)

    def _outcomes_of_all(self):
        """Return the Outcomes of all practices together, and the place of the practice of each."""
        derived = self.columns.derived
        if "outcomes" not in derived:
            listed = places(self.columns.listed, self.columns.size)
            packed = self.columns.extra["outcomes"][listed]
            of = np.repeat(listed, [len(one) // 8 for one in packed])
            derived["outcomes"] = unpack(b"".join(packed)), of
        return derived["outcomes"]

    # --- Answering -----------------------------------------------------------------------------

    def _read_rows(self, keys):
        graded = ", ".join(f"p.{name}" for name in GRADED)
        row, practice = self.listed.model._meta.db_table, Practice._meta.db_table
        sql = f"""
            SELECT {self.state_columns}, l.row_id, p.slug, l.item, l.card, l.outcomes, {graded}
            FROM (SELECT 1 AS one) o
            LEFT JOIN {row} l ON l.row_id IN ({marks(keys)}) AND l.is_listed
            LEFT JOIN {practice} p ON p.id = l.row_id AND p.current_id IS NOT NULL
                 AND p.moderation = 'shown' AND p.status <> 'retired'
        """
        rows, states = self._execute(sql, keys)
        return {row[0]: PracticeInList(*row) for row in rows if row[1] is not None}, states


def readable_practices(slugs):
    """Return {slug: (key, title)} of the practices at the addresses `slugs` that anyone can read, the retired
    ones, too.
    """
    slugs = [slug for slug in slugs if SLUG.fullmatch(slug)]
    if not slugs:
        return {}
    found = Practice.objects.visible_to(AnonymousUser()).filter(slug__in=slugs)
    return {slug: told for slug, *told in found.values_list("slug", "pk", "current__title")}


def no_practice_at(slug):
    """Say that there is none that readers can read."""
    return _("There is no practice to read at “%(slug)s”.") % {"slug": slug[:80]}
