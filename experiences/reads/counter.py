"""Count reads in memory, each reader once a day and page, and leave the sums in a file now and then.

A reader is known by a mark of their address and browser, made with a secret that is drawn anew each day, by
each process, and stored nowhere. So whoever reads by two processes may be counted twice, and what a process
that is killed had not left is lost: the numbers are shown rounded.
"""

import atexit
import hashlib
import json
import logging
import os
import re
import secrets
import threading
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

EVERY = 60  # seconds between two files of one process, at least
MOST_MARKS = 50_000  # some 5 MB; when there are more, the day begins again
# What is no reader: programs that say so of themselves, and those that are no browser.
ROBOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|monitor|uptime|scan|headless|lighthouse|archive|feed|rss"
    r"|validator|curl|wget|python|java/|okhttp|go-http|libwww|perl|ruby|php|axios|node|postman"
    r"|http[-_ ]?client|facebook|whatsapp|telegram|embed",
    re.IGNORECASE,
)
READ_STATUS = (200, 304)
logger = logging.getLogger(__name__)


class Counter:
    """What one process has counted today and not left yet."""

    def __init__(self):
        self.lock = threading.Lock()
        self.forget()

    def forget(self):
        """Begin anew, as a process that has counted nothing."""
        self.day, self.secret, self.marks = None, b"", set()
        self.sums, self.left_at = {}, monotonic()

    def count(self, request, response, kind, key, *, is_own=False):
        """Count that `request` read the page of one report or practice (`kind`, `key`); return `response`.

        Not what an author reads of their own (`is_own`), what is fetched before anyone asked for it, nor what
        programs read.
        """
        if response.status_code in READ_STATUS and not is_own and is_reading(request):
            self.add(mark_of(request), timezone.localdate(), kind, key)
        return response

    def add(self, who, day, kind, key):
        """Count `who` once for this page and `day`; leave the sums if it is time."""
        with self.lock:
            if day != self.day or len(self.marks) >= MOST_MARKS:
                self.day, self.secret, self.marks = day, secrets.token_bytes(16), set()
            said = f"{who}\0{kind}\0{key}".encode()
            mark = hashlib.blake2b(said, key=self.secret, digest_size=8).digest()
            if mark in self.marks:
                return
            self.marks.add(mark)
            page = (day.strftime("%Y-%m"), kind, key)
            self.sums[page] = self.sums.get(page, 0) + 1
            if monotonic() - self.left_at < EVERY:
                return
            self.left_at = monotonic()
        # Beside whoever reads: they wait for no disk.
        threading.Thread(target=self.leave, daemon=True).start()

    def leave(self):
        """Write the sums to a file for the worker; where that cannot be, keep them for the next time."""
        with self.lock:
            sums, self.sums = self.sums, {}
        if not sums:
            return
        try:
            write(sums)
        except OSError as error:
            logger.warning("Reads could not be left in %s: %s", settings.READS_DIR, type(error).__name__)
            with self.lock:
                for page, number in sums.items():
                    self.sums[page] = self.sums.get(page, 0) + number


def is_reading(request):
    """Whether a person reads, as far as the request tells."""
    agent = request.headers.get("User-Agent", "")
    said = (request.headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Moz"))
    fetched_before = any("prefetch" in one or "prerender" in one for one in said)
    return request.method == "GET" and bool(agent) and not fetched_before and not ROBOTS.search(agent)


def mark_of(request):
    """Return what tells one reader from another, for the moment of making a mark of it alone."""
    return f"{BaseThrottle().get_ident(request)}\0{request.headers.get('User-Agent', '')}"


def write(sums):
    """Write `sums` to a file of their own, whole or not at all."""
    folder = Path(settings.READS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{os.getpid()}-{secrets.token_hex(6)}"
    part = folder / f"{name}.part"
    part.write_text(json.dumps([[*page, number] for page, number in sums.items()]))
    part.rename(folder / f"{name}.json")


COUNTER = Counter()
count_read = COUNTER.count
atexit.register(COUNTER.leave)
os.register_at_fork(after_in_child=COUNTER.forget)
