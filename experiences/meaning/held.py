"""The vectors of a list as a process holds them, in step with it: see experiences/list_index/held.py."""

import threading
from dataclasses import dataclass, field

import numpy as np

from experiences.list_index.held import State, changed_rows

AT_ONCE = 512  # vectors compared at once: as numbers of four bytes, they stay near the processor


@dataclass(frozen=True)
class Vectors:
    """Those of the rows `keys`: a row of `numbers` each, of one byte, and how long it is."""

    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    numbers: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int8))
    lengths: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    @classmethod
    def of(cls, rows):
        """Return those of `rows`, [(key, vector as it is stored)]."""
        if not rows:
            return cls()
        keys, packed = zip(*rows, strict=True)
        numbers = np.frombuffer(b"".join(map(bytes, packed)), np.int8).reshape(len(keys), -1)
        lengths = np.linalg.norm(numbers.astype(np.float32), axis=1)
        return cls(np.array(keys, np.int64), numbers, lengths.clip(min=1e-9))

    def with_changes(self, keys, new):
        """Return these with `new` (Vectors) instead of those of the rows `keys`."""
        kept = ~np.isin(self.keys, np.fromiter(keys, np.int64))
        parts = [Vectors(self.keys[kept], self.numbers[kept], self.lengths[kept]), new]
        parts = [one for one in parts if len(one.keys)] or [Vectors()]
        names = ("keys", "numbers", "lengths")
        return Vectors(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))

    def nearness(self, vector):
        """Return how near each is to `vector`, of unit length: the cosine."""
        vector = np.asarray(vector, np.float32)
        found = np.empty(len(self.keys), np.float32)
        # One room for all: asked for anew each time, it takes twenty times as long.
        room = np.empty((AT_ONCE, self.numbers.shape[1]), np.float32)
        for start in range(0, len(found), AT_ONCE):
            part = self.numbers[start : start + AT_ONCE]
            np.copyto(room[: len(part)], part)
            np.dot(room[: len(part)], vector, out=found[start : start + AT_ONCE])
        return found / self.lengths

    def mean(self, which):
        """Return the mean of those `which`, places in these, each of unit length."""
        found = np.zeros(self.numbers.shape[1], np.float32)
        for start in range(0, len(which), AT_ONCE):
            part = which[start : start + AT_ONCE]
            found += (1 / self.lengths[part]) @ self.numbers[part].astype(np.float32)
        return found / len(which)


class HeldVectors:
    """The vectors that `model` made of the texts `texts`, of the rows of a HeldList `listed`."""

    def __init__(self, listed, texts):
        self.listed, self.texts = listed, texts
        self.forget()

    def forget(self):
        """Read all of them again when they are next asked for."""
        self._vectors, self._model = None, ""
        self._state, self._unnumbered = State(), frozenset()
        self._lock = threading.Lock()

    def in_step(self, held, model):
        """Return the Vectors that `model` made of the rows of the list `held`, or of newer ones."""
        with self._lock:
            is_other = model.name != self._model or self._is_of_another_database(held)
            if self._vectors is None or is_other:
                self._vectors = Vectors.of(self._read(model))
            elif held.state.number < self._state.number or held.state == self._state:
                return self._vectors
            else:
                rows = changed_rows(self.listed.model, self._state.number, self._unnumbered)
                keys = {*rows.values_list("row_id", flat=True), *self._unnumbered}
                self._vectors = self._vectors.with_changes(keys, Vectors.of(self._read(model, keys)))
            self._model, self._state, self._unnumbered = model.name, held.state, held.unnumbered
            return self._vectors

    def _is_of_another_database(self, held):
        """Whether the newest list is older than these vectors: one took the place of its own."""
        return held.state.number < self._state.number and held is self.listed.held

    def _read(self, model, keys=None):
        rows = self.texts.Vector.objects.filter(model=model.name)
        rows = rows if keys is None else rows.filter(pk__in=keys)
        return list(rows.values_list("row_id", "vector").iterator())


HELD = {}  # name of a list → HeldVectors


def vectors(index, held, model):
    """Return the Vectors that `model` made of the texts of a TextIndex, whose list is `held`."""
    name = index.listed.model.LIST
    if name not in HELD:
        HELD.setdefault(name, HeldVectors(index.listed, index.texts))
    return HELD[name].in_step(held, model)
