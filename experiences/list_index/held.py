"""Lists as one process holds them, in step with the database: each answer is of the state it was read in."""

import threading
from dataclasses import dataclass, field, replace

import numpy as np
from django.conf import settings
from django.db import OperationalError, connection

from accounts.models.site import Site, note_site_version
from experiences.list_index.columns import Change, Columns, unpack
from experiences.list_index.models import ListedReport, ListState

TAKEN = 20_000  # rows read at once
VOCABULARY, NAMES = NUMBERED = "vocabulary", "names"  # These have a number as lists of rows do.
SHARED = (*NUMBERED, "site")  # This one has a version of its own.
vocabulary_number = None  # as this process saw it last
COLUMNS = ("number", "is_listed", "order_key", "changed_at", "tags")


@dataclass(frozen=True)
class State:
    """What tells whether a list changed: its number, and the rows of it that have none yet."""

    number: int = 0
    unnumbered: int = 0


@dataclass(frozen=True)
class States:
    """What tells whether what lists show changed: the State of each, and the numbers of what they share: the
    vocabulary, the names that members show, and what the site says of itself.
    """

    shared: tuple
    lists: tuple

    def as_of(self, vocabulary):
        """Return them of the vocabulary as it was at this number, where it is another since."""
        now, *others = self.shared
        return replace(self, shared=(min(now, vocabulary), *others))


def state_columns(*models):
    """Return what a SELECT asks for to know the States of the lists of `models`."""
    states = ListState._meta.db_table
    numbers = (f"(SELECT number FROM {states} WHERE name = '{name}')" for name in NUMBERED)
    parts = [*numbers, f"(SELECT version FROM {Site._meta.db_table})"]
    for model in models:
        parts.append(f"(SELECT number FROM {states} WHERE name = '{model.LIST}')")
    for model in models:
        parts.append(f"(SELECT SUM(stamp) FROM {model._meta.db_table} WHERE number IS NULL)")
    return ", ".join(parts)


def states_of(values):
    """Return the States that the values of state_columns() tell; note the numbers of the vocabulary and of
    the site.
    """
    global vocabulary_number
    numbers = [int(value or 0) for value in values]
    shared, lists = numbers[: len(SHARED)], numbers[len(SHARED) :]
    vocabulary_number = shared[0]
    note_site_version(shared[-1])
    half = len(lists) // 2
    return States(tuple(shared), tuple(map(State, lists[:half], lists[half:])))


def read_states(*models):
    """Return the States of the lists of `models`, as they are stored now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {state_columns(*models)}")
        return states_of(cursor.fetchone())


@dataclass(frozen=True)
class Held:
    """A list as it was in one State; `unnumbered` are the keys of the rows that had no number then."""

    columns: Columns = field(default_factory=Columns)
    state: State = State()
    unnumbered: frozenset = frozenset()


class HeldList:
    """One list, of the rows of `model`, as this process holds it."""

    def __init__(self, model):
        self.model = model
        self._held = None
        self._lock = threading.Lock()

    @property
    def held(self):
        """It as it is held; what was never read is read now."""
        return self._held or self.catch_up()

    def catch_up(self):
        """Return it in step with the database, which is asked.

        Raises OperationalError where another thread has asked so long that whoever waits for it would wait
        too long: no page waits longer than for one statement.
        """
        if not self._lock.acquire(timeout=settings.STATEMENT_TIMEOUT or threading.TIMEOUT_MAX):
            raise OperationalError("The lists are still being read.")
        try:
            (state,) = read_states(self.model).lists
            if self._held is None or state.number < self._held.state.number:
                self._held = self._read_all(state)
            elif self._held.state != state:
                self._held = self._read_new(self._held, state)
            return self._held
        finally:
            self._lock.release()

    def forget(self):
        """Read all of it again when it is next asked for, as where another database took the place of its
        own.
        """
        self._held = None

    def _read_all(self, state):
        listed = self.model.objects.filter(is_listed=True).order_by("order_key")
        rows = listed.values_list("row_id", "order_key", "changed_at", "tags", "number", *self.model.EXTRA)
        keys, order_keys, changed, packed, unnumbered = [], [], [], [], set()
        extra = {name: [] for name in self.model.EXTRA}
        for key, order_key, changed_at, tags, number, *more in rows.iterator(TAKEN):
            for values, value in zip(extra.values(), more, strict=True):
                values.append(value)
            keys.append(key)
            order_keys.append(order_key)
            changed.append(microseconds(changed_at))
            packed.append(bytes(tags))
            if number is None:
                unnumbered.add(key)
        beside = {name: as_column(kind, extra[name]) for name, kind in self.model.EXTRA.items()}
        columns = Columns.of(keys, order_keys, changed, packed, beside)
        return Held(columns, state, frozenset(unnumbered))

    def _read_new(self, held, state):
        """Read the rows that are new, have no number yet, or had none: of these, one may have been undone."""
        changed = changed_rows(self.model, held.state.number, held.unnumbered)
        found, unnumbered = {}, set()
        for row in changed.only(*COLUMNS, *self.model.EXTRA):
            found[row.row_id] = change_of(row)
            if row.number is None:
                unnumbered.add(row.row_id)
        undone = [Change(key) for key in held.unnumbered if key not in found]
        changes = [*found.values(), *undone]
        columns = held.columns.with_changes(changes) if changes else held.columns
        return Held(columns, state, frozenset(unnumbered))


def changed_rows(model, number, unnumbered):
    """Return the rows that are new since the list had this `number`, those that have none yet, and
    `unnumbered`: the keys of those that had none then.
    """
    rows = model.objects.filter(number__gt=number) | model.objects.filter(number=None)
    return rows | model.objects.filter(row_id__in=unnumbered) if unnumbered else rows


def change_of(row):
    codes = tuple(unpack(row.tags).tolist()) if row.is_listed else None
    extra = tuple(kind(getattr(row, name)) for name, kind in row.EXTRA.items())
    return Change(row.row_id, row.order_key, microseconds(row.changed_at), codes, extra)


def as_column(kind, values):
    """Return `values` of the `kind` int or bytes as an array."""
    return np.fromiter(map(kind, values), np.int64 if kind is int else object, len(values))


def microseconds(moment):
    return int(moment.timestamp() * 1_000_000) if moment else 0


LISTS = {}  # name → HeldList, of each model that a process lists


def hold(model):
    """Return the HeldList of the rows of `model`, which in_step() then knows by its name."""
    LISTS[model.LIST] = HeldList(model)
    return LISTS[model.LIST]


def in_step(*names):
    """Return ([each of the lists `names` as Held], their States): in step with the database, which is asked
    once.
    """
    wanted = [LISTS[name] for name in names]
    read = read_states(*(one.model for one in wanted))
    found = [
        one.held if one.held.state == state else one.catch_up()
        for one, state in zip(wanted, read.lists, strict=True)
    ]
    return found, States(read.shared, tuple(one.state for one in found))


REPORTS = hold(ListedReport)
