"""Work that is shared out to several processes, each with its own connection to the database.

They are started anew, not forked: a process with threads, as the worker is, would hand on locks that nobody
lets go of.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django
from django.db import connection


def pool(number):
    """Return an executor of `number` processes that use the database this one uses."""
    return ProcessPoolExecutor(number, get_context("spawn"), begin, [connection.settings_dict["NAME"]])


def begin(database):
    """Make ready a process that was just started, before it is told what to do."""
    django.setup()
    connection.settings_dict["NAME"] = database
