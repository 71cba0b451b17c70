"""Lists as one process holds them, in step with the database: each answer is of the state it was read in."""

import threading
from dataclasses import dataclass, field

from django.conf import settings
from django.db import OperationalError, connection

from experiences.list_index.columns import Change, Columns, unpack
from experiences.list_index.models import ListedReport, ListState

TAKEN = 20_000  # rows read at once
VOCABULARY = "vocabulary"  # The closed lists have a number as lists of rows do.
vocabulary_number = 0  # as this process saw it last
COLUMNS = ("number", "is_listed", "order_key", "changed_at", "tags")


@dataclass(frozen=True)
class State:
    """What tells whether a list changed: its number, and the rows of it that have none yet."""

    number: int = 0
    unnumbered: int = 0


def state_columns(*models):
    """Return what a SELECT asks for to know the vocabulary's number and the State of each of `models`."""
    states = ListState._meta.db_table
    parts = [f"(SELECT number FROM {states} WHERE name = '{VOCABULARY}')"]
    for model in models:
        parts.append(f"(SELECT number FROM {states} WHERE name = '{model.LIST}')")
        parts.append(f"(SELECT SUM(stamp) FROM {model._meta.db_table} WHERE number IS NULL)")
    return ", ".join(parts)


def states_of(values):
    """Return the State of each list, as the values of state_columns() tell; note the vocabulary's number."""
    global vocabulary_number
    vocabulary_number = values[0] or 0
    return [State(values[at] or 0, int(values[at + 1] or 0)) for at in range(1, len(values), 2)]


def read_states(*models):
    """Return the State of the list of each of `models`, as it is stored now."""
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
            (state,) = read_states(self.model)
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
            for numbers, value in zip(extra.values(), more, strict=True):
                numbers.append(value)
            keys.append(key)
            order_keys.append(order_key)
            changed.append(microseconds(changed_at))
            packed.append(bytes(tags))
            if number is None:
                unnumbered.add(key)
        columns = Columns.of(keys, order_keys, changed, packed, extra)
        return Held(columns, state, frozenset(unnumbered))

    def _read_new(self, held, state):
        """Read the rows that are new, have no number yet, or had none: of these, one may have been undone."""
        rows = self.model.objects
        changed = rows.filter(number__gt=held.state.number) | rows.filter(number=None)
        if held.unnumbered:
            changed |= rows.filter(row_id__in=held.unnumbered)
        found, unnumbered = {}, set()
        for row in changed.only(*COLUMNS, *self.model.EXTRA):
            found[row.row_id] = change_of(row)
            if row.number is None:
                unnumbered.add(row.row_id)
        undone = [Change(key) for key in held.unnumbered if key not in found]
        changes = [*found.values(), *undone]
        columns = held.columns.with_changes(changes) if changes else held.columns
        return Held(columns, state, frozenset(unnumbered))


def change_of(row):
    codes = tuple(unpack(row.tags).tolist()) if row.is_listed else None
    extra = tuple(getattr(row, name) for name in row.EXTRA)
    return Change(row.row_id, row.order_key, microseconds(row.changed_at), codes, extra)


def microseconds(moment):
    return int(moment.timestamp() * 1_000_000) if moment else 0


LISTS = {}  # name → HeldList, of each model that a process lists


def hold(model):
    """Return the HeldList of the rows of `model`, which in_step() then knows by its name."""
    LISTS[model.LIST] = HeldList(model)
    return LISTS[model.LIST]


def in_step(*names):
    """Return the Columns of the lists `names`, in step with the database, which is asked once."""
    wanted = [LISTS[name] for name in names]
    states = read_states(*(one.model for one in wanted))
    return [
        (one.held if one.held.state == state else one.catch_up()).columns
        for one, state in zip(wanted, states, strict=True)
    ]


REPORTS = hold(ListedReport)
