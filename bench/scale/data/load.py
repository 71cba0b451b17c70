"""A corpus brought into the database in bulk, and all that the site derives from it.

What people wrote is copied as it stands. What is derived, the project's own commands make: what they will
derive one day comes along.
"""

import hashlib
import json
import time
from datetime import date, datetime
from io import StringIO

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from psycopg2.extras import Json

from experiences.management.progress import Progress
from experiences.models import Experience

COMMANDS = ("rebuild_index", "cluster_reports")
ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def store(corpus):
    """Store what people wrote, a block in each transaction; return a digest that tells whether the same was
    stored elsewhere.
    """
    digest, stored, known = hashlib.sha256(), 0, set()
    with Progress(corpus.rows) as progress:
        for lists in corpus.everything():
            with transaction.atomic():
                for rows in filter(None, lists):
                    insert(rows)
                    known.add(type(rows[0]))
            reports = [row for rows in lists for row in rows if isinstance(row, Experience)]
            for row in reports:
                digest.update(f"{row.public_id} {row.order_key} {row.title} {row.situation}".encode())
            stored += len(reports)
            progress.at(stored)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), known):
            cursor.execute(statement)
    return digest.hexdigest()[:16]


def derive(commands=COMMANDS):
    """Derive again what follows from what people wrote, and let the database know what it holds; return
    {command: seconds}.
    """
    seconds = {}
    for command in commands:
        began = time.monotonic()
        call_command(command, stdout=StringIO())
        seconds[command] = time.monotonic() - began
    if connection.vendor == "postgresql":  # which would do so by itself; nobody asks SQLite to
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
    return seconds


# --- In bulk -----------------------------------------------------------------------------------------


def insert(rows):
    """Store `rows`, all of one model: each column as its field would store it."""
    model = type(rows[0])
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (isinstance(field, models.AutoField) and rows[0].pk is None)
    ]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = (
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = "".join("\t".join(map(as_copied, row)) + "\n" for row in values)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", StringIO(lines))
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values))


def as_copied(value):
    """Return `value` as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.translate(ESCAPED)
    if isinstance(value, Json):
        return json.dumps(value.adapted).translate(ESCAPED)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
