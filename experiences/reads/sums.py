"""Add what processes counted to one row a page and month: called by the worker of each machine."""

import json
import logging
import os
import time
from collections import Counter
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F

STALE = 3600  # seconds after which what is left of a worker or a process that ended goes
logger = logging.getLogger(__name__)


def store_reads(models):
    """Add each file of sums to the rows of `models`, {kind: a MonthlyReads model}, in a transaction of its
    own: others write meanwhile. Return how many files were added.
    """
    folder = Path(settings.READS_DIR)
    stored = 0
    for path in sorted(folder.glob("*.json")):
        taken = take(path)
        if taken:
            try:
                add(sums_of(taken), models)
            except DatabaseError:
                taken.rename(path)  # For the next time, and for whoever is next.
                raise
            taken.unlink(missing_ok=True)
            stored += 1
    drop_stale(folder)
    return stored


def take(path):
    """Take a file, alone among all workers of this machine; return where it is now, or None."""
    mine = path.with_suffix(f".{os.getpid()}")
    try:
        return path.rename(mine)
    except OSError:
        return None


def sums_of(path):
    """Return {(month, kind, key): number} of what a file says; what is no such file says nothing."""
    sums = Counter()
    try:
        for month, kind, key, number in json.loads(path.read_text()):
            sums[date.fromisoformat(f"{month}-01"), kind, key] += int(number)
    except (OSError, ValueError, TypeError):
        logger.warning("A file of reads could not be read: %s", path.name)
    return sums


def add(sums, models):
    """Add them to the rows of what is still there, in one transaction."""
    with transaction.atomic():
        for kind, model in models.items():
            wanted = {key for _month, one, key in sums if one == kind}
            about = model.about_keys(wanted)
            for (month, one, key), number in sorted(sums.items()):
                if one == kind and key in about:
                    model.objects.get_or_create(about_id=about[key], month=month)
                    row = model.objects.filter(about=about[key], month=month)
                    row.update(number=F("number") + number)


def drop_stale(folder):
    """Drop what nobody will finish any more."""
    for path in folder.glob("*"):
        try:
            if path.suffix != ".json" and time.time() - path.stat().st_mtime > STALE:
                path.unlink(missing_ok=True)
        except OSError:
            continue
