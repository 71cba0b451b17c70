"""Where the rows are kept between runs: a database of their own, beside no data of anyone.

PostgreSQL: `retex_bench_<rows>` on the server of DATABASE_URL, or on that of `.ci/postgresql`, which is
started. SQLite: `var/bench/<rows>.sqlite3`.
"""

import os
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ENGINES = ("sqlite", "postgresql")
ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "var" / "bench"
# One plan for one processor: helpers flatter the time of a query, and are not there under load.
SERIAL = "ALTER DATABASE {} SET max_parallel_workers_per_gather = 0"


def address(engine, rows):
    """Return the DATABASE_URL of the database for so many rows, which is made if it is not there."""
    name = name_of(engine, rows)
    if engine == "sqlite":
        FOLDER.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{FOLDER / name}"
    url = server()
    with on_server(url) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {name}")
            cursor.execute(SERIAL.format(name))
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def name_of(engine, rows):
    """Return the name of the database for so many rows: of the file, or on the server."""
    return f"{rows}.sqlite3" if engine == "sqlite" else f"retex_bench_{rows}"


def server():
    """Return the DATABASE_URL of the PostgreSQL server to use."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        return given
    return subprocess.check_output([ROOT / ".ci" / "postgresql", "start"], text=True).split()[-1]


@contextmanager
def on_server(url):
    """Give a cursor of the server at `url`, outside any transaction and any database that may be deleted."""
    with closing(psycopg2.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")))) as connection:
        connection.autocommit = True
        yield connection.cursor()


def empty(engine, rows):
    """Delete the database, and make it again without tables."""
    name = name_of(engine, rows)
    if engine == "sqlite":
        # SQLite keeps files of its own beside it.
        for file in FOLDER.glob(f"{name}*"):
            file.unlink()
        return
    with on_server(server()) as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    address(engine, rows)


def commit():
    """Return the commit that was measured, with a + where files differ from it."""
    run = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True).stdout.strip() or "unknown"
