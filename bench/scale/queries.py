"""How often a case asks the database, and what the database does about it."""

import time
from dataclasses import dataclass

from django.db import connection

FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
READING = ("SELECT", "WITH")
SLOWEST = 3  # statements whose plans are shown


@dataclass
class Statement:
    sql: str
    params: object
    seconds: float

    @property
    def writes(self):
        return not self.sql.lstrip("( \n").upper().startswith(READING)


class Recorder:
    """Use with connection.execute_wrapper(): keeps each statement, but for the frame of transactions."""

    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if not sql.startswith(FRAME):
                self.statements.append(Statement(sql, params, time.perf_counter() - began))


def statements_of(case, client):
    """Return the statements that a case runs once the process has asked it before."""
    case = case.with_validator(client)
    case.ask(client, turn=-1)
    recorder = Recorder()
    with connection.execute_wrapper(recorder):
        case.ask(client, turn=-2)
    return recorder.statements


def plans(statements):
    """Yield the slowest of `statements` that read, each with its plan as text."""
    reading = [one for one in statements if not one.writes]
    for one in sorted(reading, key=lambda one: -one.seconds)[:SLOWEST]:
        ask = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS) "
        with connection.cursor() as cursor:
            cursor.execute(ask + one.sql, one.params)
            lines = [str(row[-1]) for row in cursor.fetchall()]
        yield f"{one.seconds * 1000:.1f} ms: {one.sql}\n\n" + "\n".join(f"    {line}" for line in lines)
