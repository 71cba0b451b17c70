"""Lists as one process holds them, in step with the database: each answer is of the state it was read in."""

import threading
from dataclasses import dataclass, field

from django.db import connection

from experiences.list_index.columns import Change, Columns, unpack
from experiences.list_index.models import ListedReport, ListState

TRIES = 5  # Of an answer, while others publish.
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
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {state_columns(*models)}")
        return states_of(cursor.fetchone())


@dataclass
class _Held:
    columns: Columns
    state: State
    unnumbered: frozenset = field(default_factory=frozenset)  # keys


LISTS = {}  # name → HeldList


def in_step(*names):
    """Return the Columns of the lists `names`, in step with the database, which is asked once."""
    wanted = [LISTS[name] for name in names]
    for one, state in zip(wanted, read_states(*(one.model for one in wanted)), strict=True):
        if one.held()[1] != state:
            one.catch_up(one.held()[1])
    return [one.held()[0] for one in wanted]


def forget():
    """Read all lists again when they are next asked for."""
    for one in LISTS.values():
        one.forget()


class HeldList:
    """One list, of the rows of `model`, as this process holds it."""

    def __init__(self, model):
        self.model = model
        LISTS[model.LIST] = self
        self._held = None
        self._lock = threading.Lock()

    def forget(self):
        """Read all of it again when it is next asked for."""
        self._held = None

    def held(self):
        """Return (Columns, State) as they are held; what was never read is read now."""
        held = self._held or self._catch_up(None)
        return held.columns, held.state

    def current(self):
        """Return Columns that are in step with the database, which is asked."""
        return self._catch_up(self._held).columns

    def catch_up(self, state):
        """Read what changed since `state`, unless another thread has."""
        held = self._held
        if held is None or held.state == state:
            self._catch_up(held)

    def _catch_up(self, known):
        with self._lock:
            held = self._held if self._held is not known else known
            now = self.read_state()
            if held is None or now.number < held.state.number:
                held = self._read_all(now)
            elif held.state != now:
                held = self._read_new(held, now)
            self._held = held
            return held

    def read_state(self):
        return read_states(self.model)[0]

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
        return _Held(columns, state, frozenset(unnumbered))

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
        return _Held(held.columns.with_changes([*found.values(), *undone]), state, frozenset(unnumbered))


def change_of(row):
    codes = tuple(unpack(row.tags).tolist()) if row.is_listed else None
    extra = tuple(getattr(row, name) for name in row.EXTRA)
    return Change(row.row_id, row.order_key, microseconds(row.changed_at), codes, extra)


def microseconds(moment):
    return int(moment.timestamp() * 1_000_000) if moment else 0


REPORTS = HeldList(ListedReport)
