"""What a question means, joined with what its words find: only where a language model is installed.

Vectors of one language stand nearer together than those of two, and some stand near to everything: so each is
told by how it differs from the mean of its language, and compared with the others in it. The two orders are
joined by the places that texts have in them (reciprocal rank fusion). Measured: see bench/retrieval.py.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiences.list_index import tags
from experiences.list_index.columns import as_bits, as_mask
from experiences.models.vocabulary.words import LANGUAGES
from experiences.search.words.matching import WordSearch

DAMPING = 3  # so that what either puts first comes first, where they do not agree
FIRST = 10  # of each order, which are joined; what comes after them stays in the order of words
ADDED = 5  # texts in each language that no word finds,
OUTSTANDING = 2.0  # where they stand out so far from the others, in standard deviations


@dataclass(frozen=True)
class Written:
    """The rows of a list that are written in one language and have a vector."""

    rows: np.ndarray  # their places in the columns,
    at: np.ndarray  # and in the vectors
    mean: np.ndarray  # of their vectors
    shared: np.ndarray  # how much of it each of them has
    lengths: np.ndarray  # of what each has beside it

    @classmethod
    def of(cls, vectors, rows, at):
        mean = vectors.mean(at)
        shared = vectors.nearness(mean)[at]
        return cls(rows, at, mean, shared, np.sqrt((1 - 2 * shared + mean @ mean).clip(min=1e-6)))

    def standing(self, near, vector):
        """Return how far each stands out from the others, in standard deviations; `near` says how near all
        vectors are to `vector`.
        """
        found = (near[self.at] - self.shared - self.mean @ vector + self.mean @ self.mean) / self.lengths
        return (found - found.mean()) / max(found.std(), 1e-6)


class JoinedSearch(WordSearch):
    """As WordSearch, of a question that has the vector `asked`; `vectors` are those of the rows (Vectors)."""

    def __init__(self, query, reading, columns, vectors, asked):
        super().__init__(query, reading, columns)
        self.vectors, self.vector = vectors, asked

    @cached_property
    def _standing(self):
        """How far each row stands out in its language, by place; -inf for what has no vector."""
        found = np.full(self.columns.size, -np.inf, np.float32)
        near = self.vectors.nearness(self.vector)
        for written in self._languages:
            found[written.rows] = written.standing(near, self.vector)
        return found

    @property
    def _languages(self):
        """What is Written in each language: found once for all questions, until the list changes."""
        derived = self.columns.derived
        if "written" not in derived or derived["written"][0] is not self.vectors:
            derived["written"] = self.vectors, list(self._by_language())
        return derived["written"][1]

    def _by_language(self):
        columns = self.columns
        rows = columns.places_of(self.vectors.keys)
        for language in LANGUAGES:
            bits = columns.listed & columns.having([tags.said("language", language)])
            at = np.flatnonzero((rows >= 0) & as_mask(bits, columns.size)[rows])
            if len(at):
                yield Written.of(self.vectors, rows[at], at)

    @cached_property
    def _added(self):
        """The bits of the few rows in each language that stand out."""
        mask = np.zeros(self.columns.size, bool)
        for written in self._languages:
            standing = self._standing[written.rows]
            nearest = np.argsort(-standing, kind="stable")[:ADDED]
            mask[written.rows[nearest[standing[nearest] >= OUTSTANDING]]] = True
        return as_bits(mask)

    @cached_property
    def found_by_words(self):
        """The bits of the rows that fit by words alone."""
        return super().bits

    @property
    def bits(self):
        return self.found_by_words | self._added

    def within(self, bits):
        return super().within(bits) | bits & self._added

    def ranked(self, bits, most):
        by_words = bits & (self.found_by_words | ~self._added)
        head = self._head(bits, super().ranked(by_words, FIRST))
        if len(head) >= most:
            return head[:most]
        joined = {key for _score, key in head}
        return (head + [one for one in super().ranked(by_words, most) if one[1] not in joined])[:most]

    def _head(self, bits, by_words):
        """Return [(score, key)] of the first rows of both orders, joined."""
        keys, order_keys, standing = self.columns.keys, self.columns.order_keys, self._standing
        scores = {}  # place in the columns → score: what words put first comes first among equals
        for place, (_score, key) in enumerate(by_words, 1):
            scores[self.columns.place_of(key)] = 1 / (DAMPING + place)
        rows = np.flatnonzero(as_mask(bits, self.columns.size) & np.isfinite(standing))
        rows = rows[np.lexsort((-order_keys[rows], -standing[rows]))]
        added = as_mask(self._added, self.columns.size)[rows]
        for place in np.flatnonzero(added | (np.arange(len(rows)) < FIRST)).tolist():
            row = int(rows[place])
            scores[row] = scores.get(row, 0) + 1 / (DAMPING + place + 1)
        order = sorted(scores, key=lambda row: -scores[row])
        return [(round(scores[row] * 1e6), int(keys[row])) for row in order]
