"""The files of one index: opened, written to, made again; safe among processes, and when one is killed.

Each making is a folder of its own; `current` names the one in use, and is replaced in one step. Who writes
holds a lock that the system takes back from a process that ends. What can be made again is never mended:
files that cannot be read are left, and made again from the database.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import tantivy
from django.db import OperationalError
from tantivy import Document, Query

FORMAT = 2  # Raise it where what is indexed is made otherwise: every index is then made again.
HEAP, LARGE_HEAP = 15_000_000, 120_000_000  # bytes, while a few texts are written, or all
STATE_KEY = -1  # No row has it: its document says of which state of the list the index is.
TOKENS = "stems"
APART = " | "  # between parts of a text: no phrase goes across
MANY = 200  # texts, for which more memory pays
MOST_AT_ONCE = 1000  # of the keys in one query
PATIENCE, BETWEEN = 5.0, 0.005  # seconds, for which a lock is waited for, and between two attempts


class Unreadable(OperationalError):
    """The files are missing, damaged, or of other code: they have to be made again."""


class WriteFailed(Exception):
    """Something could not be written to the files, as when the disk is full."""


@dataclass(frozen=True)
class IndexState:
    """Of which state of its list an index is, and since when it holds words of texts that are gone."""

    number: int = 0
    unnumbered: int = 0
    keys: tuple = ()  # of the rows that had no number then
    gone_since: float | None = None  # seconds since the epoch
    format: int = FORMAT


def _schema():
    builder = tantivy.SchemaBuilder()
    # Signed: deleting by a term of an unsigned field does nothing, and says nothing.
    builder.add_integer_field("key", stored=True, indexed=True, fast=True)
    builder.add_integer_field("digest", fast=True)
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("text", "title", "weighty"):
        builder.add_text_field(name, tokenizer_name=TOKENS)
    for name in ("words", "tags"):
        builder.add_text_field(name, tokenizer_name=TOKENS, index_option="basic")
    return builder.build()


SCHEMA = _schema()
_AT_BLANKS = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


@contextmanager
def panics_as(error):
    """Raise `error` for what the engine raises, its panics too, which are no Exception of Python."""
    try:
        yield
    except (OSError, ValueError) as found:
        raise error(str(found)) from found
    except BaseException as found:
        if type(found).__name__ != "PanicException":
            raise
        raise error(str(found)) from None


def document(text):
    """Return the document of a text (IndexedText)."""
    made = Document()
    made.add_integer("key", text.row_id)
    made.add_integer("digest", digest(text))
    made.add_text("text", APART.join([text.title, text.weighty, text.rest]))
    for name in ("title", "weighty", "words", "tags"):
        made.add_text(name, getattr(text, name))
    return made


def digest(text):
    """Return a number that is another when anything that is indexed of the text is."""
    told = hashlib.blake2b("\n".join(text.values()).encode(), digest_size=8)
    return int.from_bytes(told.digest(), signed=True)


def _state_document(state):
    made = Document()
    made.add_integer("key", STATE_KEY)
    made.add_text("state", json.dumps(asdict(state)))
    return made


class Reading:
    """The index as it was at one moment: what is written meanwhile does not change it."""

    def __init__(self, files, name, searcher, state):
        self.files, self.name, self.searcher, self.state = files, name, searcher, state
        self.behind = frozenset()  # keys of rows that changed since, where it could not be brought in step
        self.derived = None, None  # What others compute of it, and of what else: both, or neither.

    @contextmanager
    def asked(self):
        """Give the engine's searcher; files that turn out to be damaged are used no more (Unreadable)."""
        try:
            with panics_as(Unreadable):
                yield self.searcher
        except Unreadable:
            self.files.discard(self.name)
            raise

    def number_of(self, stem):
        """Return how many texts have `stem`; of those that are gone, some may be counted."""
        with self.asked() as searcher:
            return searcher.doc_freq("text", stem)

    def words(self, beginning):
        """Return [(a word as IndexedText has it, how many texts have it)] of those that begin so."""
        with self.asked() as searcher:
            return searcher.terms_with_prefix("words", beginning)

    def keys(self, query):
        """Return the keys of all texts that match `query`."""
        with self.asked() as searcher:
            hits = searcher.search(query, max(1, searcher.num_docs), False, "key").hits
        return [key for key, _place in hits]

    def best(self, query, most):
        """Return the keys of up to `most` texts that match `query`, the best first, and their scores."""
        with self.asked() as searcher:
            hits = searcher.search(query, most, False).hits
            keys = searcher.fast_field_values("key", [place for _score, place in hits]) if hits else []
        return keys, [score for score, _place in hits]


class IndexFiles:
    """The files of one index, in `folder`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._opened = None, None  # the name of a making, and it as it was opened
        self._read = None  # the Reading made last

    def read(self):
        """Return a Reading of what is committed; raises Unreadable."""
        with panics_as(Unreadable):
            name, index = self._open()
            with suppress(OSError, ValueError):  # Where nothing can be written, it stays as it was opened.
                index.reload()
            searcher = index.searcher()
            state = _state_in(searcher)
        known = self._read
        if known is None or (known.name, known.state) != (name, state) or known.behind:
            self._read = known = Reading(self, name, searcher, state)
        return known

    def write(self, state, texts, keys, now):
        """Bring the index to `state`: of the rows `keys`, only `texts` are indexed from then on. Raises
        WriteFailed.
        """
        with panics_as(WriteFailed):
            index = _with_tokens(tantivy.Index.open(str(self.folder / self._current())))
            searcher = index.searcher()
            indexed = _digests(searcher, keys)
            new = [text for text in texts if indexed.get(text.row_id) != digest(text)]
            gone = indexed.keys() - {text.row_id for text in texts}
            gone |= indexed.keys() & {text.row_id for text in new}
            since = _state_in(searcher).gone_since or (now if gone else None)
            writer = index.writer(HEAP if len(new) < MANY else LARGE_HEAP, 1)
            writer.garbage_collect_files()  # One that was killed left files of the names that come next.
            for key in (*gone, STATE_KEY):
                writer.delete_documents_by_term("key", key)
            for text in new:
                writer.add_document(document(text))
            writer.add_document(_state_document(replace(state, gone_since=since)))
            writer.commit()
            writer.wait_merging_threads()

    def make_again(self, state, texts, progress=lambda number: None):
        """Make the index of all `texts` beside the one in use, and put it in its place; return how many.

        The lock "making" must be held. Raises WriteFailed.
        """
        name = f"made-{secrets.token_hex(4)}"
        self._delete_but(self._current_or_none())  # What one that was killed left.
        try:
            with panics_as(WriteFailed):
                (self.folder / name).mkdir(parents=True)
                writer = self._index_at(name).writer(LARGE_HEAP, 1)
                number = 0
                for number, text in enumerate(texts, 1):
                    writer.add_document(document(text))
                    progress(number)
                writer.add_document(_state_document(state))
                writer.commit()
                writer.wait_merging_threads()
            with self.locked():
                self._use(name)
            return number
        except BaseException:
            shutil.rmtree(self.folder / name, ignore_errors=True)
            raise

    @contextmanager
    def locked(self, name="writing", waits=PATIENCE):
        """Hold the lock `name` of this index among processes; raise BlockingIOError where another has held it
        for `waits` seconds.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + waits
        with open(self.folder / f"{name}.lock", "w") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= until:
                        raise
                    time.sleep(BETWEEN)
            yield

    def digests(self):
        """Return {key: digest} of all texts that are indexed."""
        with self.read().asked() as searcher:
            hits = searcher.search(Query.all_query(), max(1, searcher.num_docs), False, "key").hits
            places = [place for key, place in hits if key != STATE_KEY]
            told = searcher.fast_field_values("digest", places) if places else []
        return dict(zip((key for key, _place in hits if key != STATE_KEY), told, strict=True))

    def discard(self, name):
        """Use the making `name` no more: the index is made again when it is next asked for."""
        if self._current_or_none() == name:
            (self.folder / "current").unlink(missing_ok=True)

    def delete(self):
        """Delete all files: the index is made again when it is next asked for."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._opened, self._read = (None, None), None

    def _open(self):
        name, opened = self._current(), self._opened
        if opened[0] != name:
            self._opened = opened = name, _with_tokens(tantivy.Index.open(str(self.folder / name)))
        return opened

    def _current(self):
        return (self.folder / "current").read_text()

    def _current_or_none(self):
        try:
            return self._current()
        except OSError:
            return None

    def _delete_but(self, name):
        for other in self.folder.glob("made-*"):
            if other.name != name:
                shutil.rmtree(other, ignore_errors=True)

    def _index_at(self, name):
        return _with_tokens(tantivy.Index(SCHEMA, path=str(self.folder / name)))

    def _use(self, name):
        """Put the making `name` in place, and delete the others: who reads one of these keeps it open."""
        new = self.folder / "current.new"
        new.write_text(name)
        os.replace(new, self.folder / "current")
        self._delete_but(name)


def _with_tokens(index):
    index.register_tokenizer(TOKENS, _AT_BLANKS)
    index.config_reader("manual")  # Otherwise a thread looks after the files, twice a second.
    return index


def _state_in(searcher):
    hits = searcher.search(Query.term_query(SCHEMA, "key", STATE_KEY), 1).hits
    if not hits:
        raise Unreadable("It does not say of which state it is.")
    told = json.loads(searcher.doc(hits[0][1])["state"][0])
    if told.get("format") != FORMAT:
        raise Unreadable("It was made by other code.")
    return IndexState(**told | {"keys": tuple(told["keys"])})


def _digests(searcher, keys):
    """Return {key: digest} of those of the texts `keys` that are indexed."""
    found = {}
    keys = list(keys)
    for start in range(0, len(keys), MOST_AT_ONCE):
        some = keys[start : start + MOST_AT_ONCE]
        hits = searcher.search(Query.term_set_query(SCHEMA, "key", some), len(some), False).hits
        places = [place for _score, place in hits]
        if places:
            values = (searcher.fast_field_values(name, places) for name in ("key", "digest"))
            found |= zip(*values, strict=True)
    return found
