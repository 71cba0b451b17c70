"""The index of the words of one list, in step with it: what was just published is found by every process.

The list has a number that each change raises (`list_index/`); the index says of which number it is. Before
it answers, what is new is read from the database and written to the files, by one process at a time. What
left the list is left out of every answer at once, because lists are read beside; its words leave the files
when they are next made again: see make_again_if_due().
"""

import hashlib
import logging
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from experiences.list_index import held
from experiences.list_index.held import State, changed_rows, read_states
from experiences.text_index.files import IndexFiles, IndexState, Unreadable, WriteFailed, digest
from experiences.text_index.texts import ReportText

AT_ONCE = 1000  # texts read at once
FEW = 3000  # texts: so many are indexed while a reader waits, more by a thread beside
TRIES = 3  # to open files that another process puts others in place of meanwhile
# Seconds for which the files may hold words that are gone: the worker looks every ten minutes, and all should
# be out of them within the hour.
KEPT_AT_MOST = 35 * 60
AGAIN_AFTER = 60  # seconds, where all texts could not be indexed

log = logging.getLogger(__name__)


class IndexIsBeingMade(OperationalError):
    """The index of all texts is being made, and there is no other: what asks waits, and asks again."""


class TextIndex:
    """The index of the texts `texts` (a model) of the rows that the list `listed` (a HeldList) has."""

    def __init__(self, listed, texts):
        self.listed, self.texts = listed, texts
        self._files = None
        self._making = threading.Lock()
        self._failed_at = None

    @property
    def files(self):
        folder = Path(settings.SEARCH_DIR) / _database() / self.listed.model.LIST
        if self._files is None or self._files.folder != folder:
            self._files = IndexFiles(folder)
        return self._files

    def reading(self):
        """Return a Reading of the index as it is; it may be behind the list.

        Raises IndexIsBeingMade where there is none, and too many texts to index while one waits.
        """
        for left in reversed(range(TRIES)):
            try:
                return self.files.read()
            except Unreadable as error:
                if not left:
                    return self._healed(error)

    def catch_up(self):
        """Return a Reading in step with the database, which is asked.

        Where the files cannot be written, or too much is new to wait for, it is the index as it is: what is
        new is found later, and so is what changed (`behind`), as its words may be others by now.
        """
        reading, state = self.reading(), self._state()
        if in_state(reading) == state:
            return reading
        if reading.state.number > state.number:
            return self._healed("It is ahead of the database.")
        try:
            written = self._write_new()
        except (WriteFailed, Unreadable, OSError) as error:
            log.warning("The search index of %s is behind: %s", self.listed.model.LIST, error)
            written = False
        reading = self.reading()
        return reading if written and in_state(reading) == self._state() else self._as_it_is(reading)

    def _as_it_is(self, reading):
        rows = changed_rows(self.listed.model, reading.state.number, reading.state.keys)
        reading.behind = frozenset(rows.values_list("row_id", flat=True)) | set(reading.state.keys)
        return reading

    def _state(self):
        return read_states(self.listed.model).lists[0]

    def _write_new(self):
        """Write what is new to the files; return False where that is left to a thread beside."""
        with self.files.locked():
            reading, state = self.files.read(), self._state()
            if in_state(reading) == state:
                return True  # Another process did it.
            rows = changed_rows(self.listed.model, reading.state.number, reading.state.keys)
            found = list(rows.values_list("row_id", "number", "is_listed")[: FEW + 1])
            if len(found) > FEW:
                self._make_beside_if_none_does()
                return False
            keys = {key for key, _number, _is_listed in found} | set(reading.state.keys)
            texts = self.texts.objects.filter(pk__in=[key for key, _number, is_listed in found if is_listed])
            unnumbered = tuple(sorted(key for key, number, _listed in found if number is None))
            new = IndexState(state.number, state.unnumbered, unnumbered)
            self.files.write(new, list(texts), keys, time.time())
        return True

    # --- Making it again -------------------------------------------------------------------------

    def make_again(self, progress=lambda number: None):
        """Make the index of all texts that the list has; the one in use answers meanwhile. Return how many.

        Raises BlockingIOError where another process is making it, WriteFailed where it cannot be written.
        """
        with self.files.locked("making", waits=0):
            state = self._state()
            rows = self.listed.model.objects.filter(number=None)
            unnumbered = tuple(sorted(rows.values_list("row_id", flat=True)))
            new = IndexState(state.number, state.unnumbered, unnumbered)
            return self.files.make_again(new, self._all_texts(), progress)

    def _all_texts(self):
        listed = self.listed.model.objects.filter(is_listed=True)
        return self.texts.objects.filter(pk__in=listed.values("row_id")).order_by("pk").iterator(AT_ONCE)

    def make_again_if_due(self, now=None):
        """Bring it in step, and make it again if its files have held words of texts that are gone for
        KEPT_AT_MOST; return how many texts it was made of, None if it was not.
        """
        since = self.catch_up().state.gone_since
        if since is None or (now or time.time()) - since < KEPT_AT_MOST:
            return None
        return self.make_again()

    def differences(self):
        """Return the keys of the texts that are indexed otherwise than the database has them."""
        self.catch_up()
        told = {text.pk: digest(text) for text in self._all_texts()}
        indexed = self.files.digests()
        return sorted(key for key in told.keys() | indexed.keys() if told.get(key) != indexed.get(key))

    def forget(self):
        """Delete the files, as where another database took the place of its own."""
        self.files.delete()

    def _healed(self, why):
        """Make it again, as it cannot be read, and return a Reading of it.

        Many texts are indexed in a thread of their own: raises IndexIsBeingMade meanwhile.
        """
        log.info("The search index of %s is made again: %s", self.listed.model.LIST, why)
        if len(self.listed.held.columns.order) <= FEW:
            try:
                return self._made_at_once()
            except (OSError, WriteFailed, Unreadable) as error:
                raise IndexIsBeingMade(str(error)) from error
        self._make_beside_if_none_does()
        raise IndexIsBeingMade("The index of all texts is being made.")

    def _made_at_once(self):
        with self.files.locked("healing"):
            try:
                reading = self.files.read()
                if reading.state.number <= self._state().number:
                    return reading  # Another process made it.
            except Unreadable:
                pass
            self.make_again()
            return self.files.read()

    def _make_beside_if_none_does(self):
        is_too_soon = self._failed_at is not None and time.monotonic() - self._failed_at < AGAIN_AFTER
        if not is_too_soon and self._making.acquire(blocking=False):
            try:
                threading.Thread(target=self._make_beside, daemon=True).start()
            except RuntimeError:  # No thread can be had.
                self._making.release()

    def _make_beside(self):
        try:
            self.make_again()
            self._failed_at = None
        except BlockingIOError:
            pass  # Another process makes it.
        except Exception:
            self._failed_at = time.monotonic()
            log.exception("The search index of %s could not be made.", self.listed.model.LIST)
        finally:
            connection.close()
            self._making.release()


def _database():
    """Return what tells the database in use from others: each has an index of its own."""
    where = (connection.settings_dict[name] for name in ("HOST", "PORT", "NAME"))
    return hashlib.sha256(" ".join(map(str, where)).encode()).hexdigest()[:12]


def in_state(reading):
    """Return the State of the list that the index was in."""
    return State(reading.state.number, reading.state.unnumbered)


INDEXES = {}  # name of a list → TextIndex


def index(listed, texts):
    """Return the TextIndex of the texts of the rows that `listed` (a HeldList) has."""
    INDEXES[listed.model.LIST] = TextIndex(listed, texts)
    return INDEXES[listed.model.LIST]


REPORTS = index(held.REPORTS, ReportText)
