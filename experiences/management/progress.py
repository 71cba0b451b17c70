"""A progress bar for people who watch; nothing where nobody does."""

import sys
import time

WIDTH, PAUSE = 30, 0.1  # characters, seconds


class Progress:
    """Use as a context manager; call `at(done)` as often as you like."""

    def __init__(self, total, stream=None):
        self.total, self.stream = max(total, 1), stream or sys.stderr
        self.shown = self.stream.isatty()
        self.last = 0

    def __enter__(self):
        return self

    def at(self, done):
        if self.shown and time.monotonic() - self.last > PAUSE:
            self.last = time.monotonic()
            share = min(done / self.total, 1)
            bar = "█" * round(WIDTH * share)
            self.stream.write(f"\r{bar:░<{WIDTH}} {share:4.0%}")
            self.stream.flush()

    def clear(self):
        """Empty the line, so that a message can be written."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.last = 0

    def __exit__(self, *_error):
        self.clear()
