"""One database, migrated and with the lists in it, made once and copied for each process of the tests.

It is kept between runs under a digest of all that could make it differ: the migrations, whatever Django
loads before any test does (settings, models, the permissions and groups they give), the lists and their
loader, what is installed. A change to any of these makes another; nothing is ever migrated from an old one.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import sys
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from time import monotonic

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import OperationalError, connection, transaction
from django.utils.functional import cached_property

from experiences import vocabulary
from experiences.list_index import held
from experiences.models.vocabulary import cache
from experiences.search.words import names
from experiences.search.words import vocabulary as words


def loaded_files():
    """Return the project's own files that are loaded by now."""
    files = {Path(module.__file__) for module in [*sys.modules.values()] if getattr(module, "__file__", None)}
    return {
        file
        for file in files
        if file.is_relative_to(settings.BASE_DIR) and not file.is_relative_to(sys.prefix)
    }


# When this module is imported, Django has started and no test has brought in anything yet.
STARTED_WITH = loaded_files()


def digest():
    """Return what the database is known by."""
    migrations = (Path(app.path).glob("migrations/*.py") for app in apps.get_app_configs())
    files = STARTED_WITH.union(*migrations)
    files |= {file for file in Path(vocabulary.__file__).parent.iterdir() if file.is_file()}
    told = hashlib.sha256(f"{sys.version} {connection.vendor} {sqlite3.sqlite_version}".encode())
    for name in sorted(f"{one.name} {one.version}" for one in metadata.distributions()):
        told.update(name.encode())
    for file in sorted(files):
        told.update(f"\0{file}\0".encode() + file.read_bytes())
    return told.hexdigest()[:20]


def copy(folder):
    """Make this process a database of its own, as its settings name it; the original is kept in `folder`."""
    made = connection.settings_dict["TEST"]["NAME"] or connection.creation._get_test_db_name()
    copies = {"sqlite": copy_file, "postgresql": copy_database}
    with alone(folder):
        copies[connection.vendor](folder, made)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(made)
    Delivered.read()


def destroy(production):
    """Delete the database of this process, and let its settings name the one of `production` again.

    A thread of the server that browsers talked to may still hold a session, which PostgreSQL would wait for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    connection.creation.destroy_test_db(production, verbosity=0)


@contextmanager
def alone(folder):
    """Wait until no other process of the tests is in here."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fill(name):
    """Make database `name` as every test finds it."""
    connection.settings_dict["TEST"]["NAME"] = str(name)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    vocabulary.load()
    connection.close()


class Delivered:
    """What every test finds in the database: its rows, put back as they were where a test empties the tables,
    and the lists as a process that has served for a while holds them.
    """

    rows = {}  # {table: (its columns, its rows)}
    lists = None

    @classmethod
    def read(cls):
        """Read it, to which nothing was written yet."""
        own = (app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR)
        tables = [model._meta.db_table for app in own for model in app.get_models(include_auto_created=True)]
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}"')
                columns = [column[0] for column in cursor.description]
                if rows := cursor.fetchall():
                    cls.rows[table] = columns, rows
        cls.lists = cache.Lists()
        for name, value in vars(cache.Lists).items():
            if isinstance(value, cached_property):
                getattr(cls.lists, name)
        for make in (words._stakes, words._terms, names._names):
            make(cls.lists)

    @classmethod
    def hold_lists(cls):
        """Let this process hold the lists as they are before a test changes any."""
        cls.lists.read_at, held.vocabulary_number = monotonic(), cls.lists.number
        cache._held = cls.lists

    @classmethod
    def refill(cls):
        """Put the rows back that Django's `flush` takes, and let new rows have keys above theirs."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, rows) in cls.rows.items():
                named, places = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
                cursor.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({places})', rows)
            models = [model for model in apps.get_models(True) if model._meta.db_table in cls.rows]
            for one in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(one)


def copy_file(folder, made):
    original = folder / f"{digest()}.sqlite3"
    if not original.exists():
        for older in folder.glob("*.sqlite3*"):
            older.unlink()
        fill(folder / "unfinished.sqlite3")
        (folder / "unfinished.sqlite3").rename(original)
    shutil.copyfile(original, made)


def copy_database(_folder, made):
    prefix = "retex_tests_"
    original = prefix + digest()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        there = {name for (name,) in cursor.fetchall()}
        if original not in there:
            for older in there:
                with suppress(OperationalError):  # Tests of another copy of the project may be at it.
                    cursor.execute(f'DROP DATABASE "{older}"')
            fill(f"{prefix}unfinished")
            cursor.execute(f'ALTER DATABASE "{prefix}unfinished" RENAME TO "{original}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{made}"')
        cursor.execute(f'CREATE DATABASE "{made}" TEMPLATE "{original}"')
