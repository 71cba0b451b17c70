"""Waiting for PostgreSQL no longer than a page can.

`statement_timeout` bounds what a living server does. A server that is stopped, or a network that swallows
everything, answers nothing at all, not even that: psycopg2 would wait for ever, a few such requests would
hold every thread of the site, and not even a stylesheet would come.
"""

import select
import threading
import time

import psycopg2
from psycopg2 import extensions

# How long one request waits, of those that ask again a server that was found frozen. Seconds.
ASKING_AGAIN = 2


class Waiting:
    """psycopg2's wait callback: gives up after `longest` seconds without an answer.

    From then on one request at a time asks again, and the others of its process are refused at once, until
    the server answers.
    """

    def __init__(self, longest):
        self.longest = longest
        self.frozen, self._asking_again = False, threading.Lock()

    def __call__(self, connection):
        """Wait until `connection` has its answer; raises OperationalError, after which it is closed."""
        if not self.frozen:
            self._wait(connection, self.longest)
        elif self._asking_again.acquire(blocking=False):
            try:
                self._wait(connection, min(ASKING_AGAIN, self.longest))
            finally:
                self._asking_again.release()
        else:
            raise psycopg2.OperationalError("The database does not answer.")

    def _wait(self, connection, longest):
        end = time.monotonic() + longest
        while (state := connection.poll()) != extensions.POLL_OK:
            sockets = select.poll()
            sockets.register(connection, select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
            if not sockets.poll(max(0, end - time.monotonic()) * 1000):
                self.frozen = True
                raise psycopg2.OperationalError("The database does not answer.")
        self.frozen = False


def wait_at_most(longest):
    """Let every connection of this process give up after `longest` seconds without an answer."""
    extensions.set_wait_callback(Waiting(longest))
