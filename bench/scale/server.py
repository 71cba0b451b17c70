"""The server that is measured: gunicorn as in production, and what it and its database use."""

import os
import socket
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

from django.db import connection

from bench.scale.data.where import ROOT
from bench.scale.requests import Line, Request

Used = namedtuple("Used", "app database processes")  # nanoseconds; which processes they are of
ENVIRONMENT = {"STATEMENT_TIMEOUT": "120", "DEBUG": ""}
PATIENT = ("--timeout", "600")  # A worker that a busy machine lets wait is not started again.


class Server:
    """Use as a context manager: serves the database that Django uses here.

    One thread has one connection to the database, so that no request that is measured finds one that is new.
    """

    def __init__(self, people, workers=1, threads=1):
        self.people = people
        self.environment = {"WEB_CONCURRENCY": str(workers), "WEB_THREADS": str(threads)}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self):
        environment = os.environ | ENVIRONMENT | self.environment | {"PORT": str(self.port)}
        command = ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", *PATIENT, "bench.scale.site.wsgi"]
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        self._await()
        self.seconds_to_start = time.monotonic() - began
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.worker = int(children[0])
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()

    def _await(self):
        for _each in range(600):
            try:
                if self.line().ask(Request("/healthz")).status == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("The server did not start.")

    def line(self):
        return Line(self.people, self.port)

    def used(self):
        """Return the processor time used so far by the worker, and by what serves it in the database."""
        backends = self._backends()
        threads = Path(f"/proc/{self.worker}/task").iterdir()
        app = sum(nanoseconds(thread / "schedstat") for thread in threads)
        database = sum(nanoseconds(Path(f"/proc/{pid}/schedstat")) for pid in backends)
        return Used(app, database, backends)

    @staticmethod
    def _backends():
        """Return the processes of PostgreSQL that serve this database, but for the one that serves us."""
        if connection.vendor != "postgresql":
            return ()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid"
            )
            return tuple(pid for (pid,) in cursor.fetchall())

    def memory(self):
        """Return the megabytes that the worker holds: of what it has together with others, its share."""
        shares = Path(f"/proc/{self.worker}/smaps_rollup").read_text()
        (line,) = [line for line in shares.splitlines() if line.startswith("Pss:")]
        return int(line.split()[1]) / 1024


def nanoseconds(schedstat):
    """Return how long a thread or process has run."""
    try:
        return int(schedstat.read_text().split()[0])
    except FileNotFoundError:
        raise SystemExit(
            "Processor time is read from /proc: server and database run here, on Linux."
        ) from None
