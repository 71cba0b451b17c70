"""Columns of a list as one process holds them: which rows have a tag, in bits; in which order they come.

A list of a million rows is filtered, counted by every tag, and put in order here, without the database: it
is asked for the rows of one page alone. What is held is never changed: whoever reads it goes on with what
they began with, while `with_changes()` makes the next.
"""

from bisect import bisect_left
from copy import copy
from dataclasses import dataclass

import numpy as np

WORD = 64  # bits
RARE = 50  # Of so many rows one: they are looked for by their bits, not in the order of all.
SPARSE = 8  # Of so many words one has bits: these are picked out, which takes longer for each.
NO_BITS = np.zeros(0, np.uint64)


def pack(codes):
    """Return the numbers of tags as the bytes that a row keeps."""
    return np.array(sorted(codes), "<u4").tobytes()


def unpack(packed):
    return np.frombuffer(packed, "<u4")


@dataclass(frozen=True)
class Change:
    """A row as it is now; `codes` are the numbers of its tags, None where it is listed no more."""

    key: int
    order_key: int = 0
    changed_at: int = 0  # microseconds
    codes: tuple | None = None
    extra: tuple = ()  # as many values as the list has names of them


class Columns:
    """Rows by place: what is at one place in each column belongs together.

    `bits[c]` are the places that have the tag `codes[c]`, sixty-four to a word; `order` are the places of
    the rows that are listed, by ascending order key.
    """

    def __init__(self):
        self.size = 0
        self.extra = {}  # name → whole numbers, or bytes
        self.derived = {}  # What others compute of them, until they change.
        self.keys = self.order_keys = self.changed_at = np.zeros(0, np.int64)
        self.listed = NO_BITS
        self.order = np.zeros(0, np.int32)
        self.codes = {}  # tag → its row in `bits`
        self.bits = np.zeros((0, 0), np.uint64)
        self._place = {}  # key → place, of rows that came after the first reading
        self._by_key = np.zeros(0, np.int32)  # places of the first reading, by ascending key

    @classmethod
    def of(cls, keys, order_keys, changed_at, packed, extra=None):
        """Make columns of many rows at once; `packed` are their tags as pack() makes them, `extra` is
        {name: column}.

        Rows that come by ascending order key are put in order again sooner when some change.
        """
        columns = cls()
        columns.size = size = len(keys)
        columns.extra = extra or {}
        columns.keys, columns.order_keys, columns.changed_at = (
            np.array(numbers, np.int64) for numbers in (keys, order_keys, changed_at)
        )
        columns._by_key = np.argsort(columns.keys).astype(np.int32)
        columns.order = np.argsort(columns.order_keys, kind="stable").astype(np.int32)
        columns.listed = as_bits(np.ones(size, bool))
        tags = unpack(b"".join(packed))
        having = np.repeat(np.arange(size), [len(one) // 4 for one in packed])
        by_tag = np.argsort(tags, kind="stable")
        found, starts = np.unique(tags[by_tag], return_index=True)
        columns.codes = {int(code): number for number, code in enumerate(found)}
        columns.bits = np.zeros((len(found), len(columns.listed)), np.uint64)
        for number, those in zip(range(len(found)), np.split(having[by_tag], starts[1:]), strict=False):
            row = np.zeros(size, bool)
            row[those] = True
            columns.bits[number] = as_bits(row)
        return columns

    # --- Becoming the next -----------------------------------------------------------------------

    def with_changes(self, changes):
        """Return columns in which each Change is made; these stay as they are."""
        changed = copy(self)
        changed.derived = {}
        new = [change for change in changes if self.place_of(change.key) is None and change.codes is not None]
        changed._grow(new)  # Which copies every column, though none is new.
        changed._add_codes(changes)
        for change in changes:
            changed._set(change)
        order_keys = changed.order_keys
        listed = places(changed.listed, changed.size).astype(np.int32)
        changed.order = listed[np.argsort(order_keys[listed], kind="stable")]
        return changed

    def place_of(self, key):
        """Return the place of the row `key`; None if it has none."""
        if key in self._place:
            return self._place[key]
        at = bisect_left(self._by_key, key, key=self.keys.__getitem__)
        found = at < len(self._by_key) and self.keys[self._by_key[at]] == key
        return int(self._by_key[at]) if found else None

    def order_key_of(self, key):
        """Return the order key of the row `key`, which is there."""
        return int(self.order_keys[self.place_of(key)])

    def places_of(self, keys):
        """Return the place of each of the rows `keys`, an array; -1 where it has none."""
        found = np.full(len(keys), -1)
        if len(self._by_key):
            at = np.searchsorted(self.keys[: len(self._by_key)], keys, sorter=self._by_key)
            at = self._by_key[at.clip(max=len(self._by_key) - 1)]
            found = np.where(self.keys[at] == keys, at, -1)
        for missed in np.flatnonzero(found < 0).tolist():
            found[missed] = self._place.get(int(keys[missed]), -1)
        return found

    def _grow(self, new):
        self._place = self._place | {change.key: self.size + n for n, change in enumerate(new)}
        more = np.zeros(len(new), np.int64)
        self.keys = np.concatenate([self.keys, np.array([change.key for change in new], np.int64)])
        self.order_keys = np.concatenate([self.order_keys, more])
        self.changed_at = np.concatenate([self.changed_at, more])
        self.extra = {
            name: np.concatenate([values, more.astype(values.dtype)]) for name, values in self.extra.items()
        }
        self.size += len(new)
        words = -(-self.size // WORD) - len(self.listed)
        self.listed = np.concatenate([self.listed, np.zeros(words, np.uint64)])
        self.bits = np.pad(self.bits, ((0, 0), (0, words)))

    def _add_codes(self, changes):
        new = {code for change in changes for code in change.codes or ()} - set(self.codes)
        self.codes = self.codes | {code: len(self.codes) + n for n, code in enumerate(sorted(new))}
        self.bits = np.pad(self.bits, ((0, len(new)), (0, 0)))

    def _set(self, change):
        place = self.place_of(change.key)
        if place is None:
            return
        word, bit = place // WORD, np.uint64(1 << place % WORD)
        self.bits[:, word] &= ~bit
        self.listed[word] &= ~bit
        if change.codes is not None:
            self.order_keys[place], self.changed_at[place] = change.order_key, change.changed_at
            for values, value in zip(self.extra.values(), change.extra, strict=True):
                values[place] = value
            self.listed[word] |= bit
            self.bits[[self.codes[code] for code in change.codes], word] |= bit

    # --- Being asked -----------------------------------------------------------------------------

    def having(self, codes):
        """Return the bits of the rows that have any of the tags `codes`."""
        numbers = [self.codes[code] for code in codes if code in self.codes]
        return np.bitwise_or.reduce(self.bits[numbers], axis=0) if numbers else np.zeros_like(self.listed)

    def codes_of(self, key):
        """Return the tags of the row `key`; none of one that is not there."""
        place = self.place_of(key)
        if place is None:
            return []
        word, bit = place // WORD, np.uint64(1 << place % WORD)
        has = (self.bits[:, word] & bit).tolist()
        return [code for code, number in self.codes.items() if has[number]]

    def translated(self):
        """Return the bits of the rows that are of the family of another that is listed."""
        family, listed = self.extra["family"], self.keys[places(self.listed, self.size)]
        return as_bits((family != self.keys) & np.isin(family, listed))

    def changed_since(self, moment):
        """Return the bits of the rows that changed at `moment` (microseconds) or later."""
        return as_bits(self.changed_at >= moment)

    def of_keys(self, keys):
        """Return the bits of the rows with these `keys`."""
        mask, found = np.zeros(self.size, bool), self.places_of(np.fromiter(keys, np.int64))
        mask[found[found >= 0]] = True
        return as_bits(mask)

    def counts(self, bits):
        """Return {tag: how many of the rows `bits` have it}."""
        words = np.flatnonzero(bits)
        few = len(words) * SPARSE < len(bits)
        own = self.bits[:, words] & bits[words] if few else self.bits & bits
        numbers = np.bitwise_count(own).sum(axis=1, dtype=np.int64)
        return dict(zip(self.codes, numbers.tolist(), strict=True))

    def page(self, bits, size, *, after=None, ascending=False, by=None):
        """Return up to `size` places of the rows `bits`, in order; those after the order key `after`.

        The order descends, unless `ascending`; `by` are other order keys than the rows have.
        """
        ordered, keys = self.order, self.order_keys
        if by is not None:
            ordered, keys = np.argsort(by), by
        if after is not None:
            at = bisect_left(ordered, after, key=keys.__getitem__)
            beyond = at < len(ordered) and keys[ordered[at]] == after
            ordered = ordered[at + beyond :] if ascending else ordered[:at]
        if count(bits) * RARE < len(ordered):
            ordered = places(bits, self.size)
            ordered = ordered[np.argsort(keys[ordered])]
            if after is not None:
                ordered = ordered[keys[ordered] > after] if ascending else ordered[keys[ordered] < after]
            return (ordered[:size] if ascending else ordered[-size:][::-1]).tolist()
        found, width = [], 8 * size
        while len(ordered) and len(found) < size:
            window, ordered = (
                (ordered[:width], ordered[width:])
                if ascending
                else (ordered[-width:][::-1], ordered[:-width])
            )
            found += window[has_bits(bits, window)].tolist()
            width *= 4
        return found[:size]

    def best(self, bits, size, scores, *, after=None, ascending=False):
        """Return up to `size` places of the rows `bits` by descending score, the newest first among equals;
        those that come after `after`, a score and an order key. `scores` are whole numbers, by place.
        """
        found = places(bits, self.size)
        ranks = np.empty(self.size, np.int64)
        ranks[self.order] = np.arange(len(self.order))
        values = scores[found].astype(np.int64) << 32 | ranks[found]
        if after is not None:
            score, order_key = after
            at = bisect_left(self.order, order_key, key=self.order_keys.__getitem__)
            last = score << 32 | at
            beyond = values > last if ascending else values < last
            found, values = found[beyond], values[beyond]
        if len(found) > size:
            few = np.argpartition(values if ascending else -values, size - 1)[:size]
            found, values = found[few], values[few]
        return found[np.argsort(values if ascending else -values)].tolist()


def count(bits):
    """Return how many rows there are in `bits`."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def has_bits(bits, places):
    """Return for each of `places` whether its bit is set."""
    words = bits[places >> 6]
    return (words >> (places & 63).astype(np.uint64) & np.uint64(1)).astype(bool)


def as_bits(mask):
    """Return an array of truths as bits, sixty-four to a word."""
    packed = np.packbits(mask, bitorder="little")
    return np.frombuffer(packed.tobytes() + bytes(-len(packed) % 8), "<u8").astype(np.uint64)


def places(bits, size):
    """Return the places of the rows `bits`, in ascending order."""
    return np.flatnonzero(as_mask(bits, size))


def as_mask(bits, size):
    """Return bits as an array of `size` truths."""
    return np.unpackbits(bits.view(np.uint8), count=size, bitorder="little").astype(bool)
