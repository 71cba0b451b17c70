"""The database of so many rows made ready: its tables, its rows, what is derived from them."""

import hashlib
import json
import time
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from bench.scale.data import load
from bench.scale.data.corpus import Corpus
from bench.scale.data.where import ROOT, commit, empty

# What the rows are made from: where any of it differs, they are made anew.
HERE, LISTS = Path(__file__).parent, ROOT / "experiences" / "vocabulary"
MADE_BY = ("corpus", "drawing", "practices", "words")
SOURCES = [*(HERE / f"{name}.py" for name in MADE_BY), *LISTS.glob("*.csv")]


def fingerprint(rows):
    """Return what tells the rows that this code makes from those of other code."""
    told = hashlib.sha256(str(rows).encode())
    for path in sorted(SOURCES):
        told.update(path.read_bytes())
    return told.hexdigest()[:16]


def prepare(engine, rows, derive_again=False):
    """Make the database of so many rows ready, which Django uses; return what is known of it.

    What is derived is derived again after a migration, and when asked.
    """
    held = kept()
    if "experiences_experience" in tables() and (held or {}).get("fingerprint") != fingerprint(rows):
        print("It holds rows of other code, or not all: they are made anew.", flush=True)
        connection.close()
        empty(engine, rows)
        held = None
    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", stdout=StringIO())
    if held is None:
        print(f"Loading {rows} reports …", flush=True)
        held = store(rows)
    if derive_again or held["migrations"] != migrations():
        print("Deriving what follows from them …", flush=True)
        held["seconds"] |= load.derive()
        keep(held | {"migrations": migrations(), "derived_by": commit()})
    return kept()


def store(rows):
    """Load the rows, of which nothing is derived yet; return what is known of them."""
    unhurried()
    began = time.monotonic()
    told = {"fingerprint": fingerprint(rows), "digest": load.store(Corpus(rows)), "migrations": None}
    keep(told | {"seconds": {"load": time.monotonic() - began}})
    connection.close()  # The next one waits for the disk again.
    return kept()


def unhurried():
    """Let SQLite not wait for the disk: what is lost in a power cut is made again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")


# --- What is known of the rows -----------------------------------------------------------------------


def migrations():
    return sorted(".".join(names) for names in MigrationRecorder.Migration.objects.values_list("app", "name"))


def kept():
    """Return what was kept of the rows in their own database; None where nothing is, or loading was cut."""
    if "bench_loaded" not in tables():
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM bench_loaded")
        found = cursor.fetchone()
    return found and json.loads(found[0])


def tables():
    return connection.introspection.table_names()


def keep(told):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_loaded (told text)")
        cursor.execute("DELETE FROM bench_loaded")
        cursor.execute("INSERT INTO bench_loaded VALUES (%s)", [json.dumps(told)])
