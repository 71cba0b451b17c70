"""What hostile requests are answered, kept beside the tests: the same on both databases, and a person sees
in a diff what changed.

Of each group of requests, hostile_statuses.json has how many got which status, and a digest of which. To
write it anew, and to see each answer by itself in .pytest_cache, such as to compare two databases:

    RETEX_RECORD_STATUSES=1 RETEX_TEST_PROFILE=whole .venv/bin/pytest -n 0 tests/test_hostile_input.py
"""

import hashlib
import json
import os
from collections import Counter
from pathlib import Path

from django.db import connection, transaction

from tests.conftest import PROFILE

KEPT = Path(__file__).with_name("hostile_statuses.json")
RECORDS = os.environ.get("RETEX_RECORD_STATUSES") == "1"


class Statuses:
    """The answers to one group of requests; none leaves a trace, so that their order does not matter."""

    def __init__(self, group, cache):
        self.group, self.found = group, {}
        self.folder = cache.mkdir(f"hostile-{connection.vendor}")

    def ask(self, request, *args, what, **options):
        """Send one request, named `what` in the record; return its answer."""
        with transaction.atomic():
            answer = request(*args, **options)
            transaction.set_rollback(True)
        assert answer.status_code < 500, what
        self.found[what] = answer.status_code
        return answer

    def hold(self):
        """Hold what was answered against what is kept: of a sample, that no other status was met."""
        counts = {str(status): number for status, number in sorted(Counter(self.found.values()).items())}
        each = "".join(f"{what} {status}\n" for what, status in sorted(self.found.items()))
        told = counts | {"digest": hashlib.sha256(each.encode()).hexdigest()[:12]}
        kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
        if RECORDS:
            write(kept | {self.group: told})
            name = hashlib.sha256(self.group.encode()).hexdigest()[:12]
            (self.folder / f"{name}.txt").write_text(f"{self.group}\n{each}", "utf-8")
        elif PROFILE == "whole":
            assert told == kept[self.group], f"{self.group}: see tests/statuses.py"
        else:
            known = kept[self.group]
            assert {what: status for what, status in self.found.items() if str(status) not in known} == {}


def write(groups):
    """Write one group on a line, in one order."""
    lines = (f"{json.dumps(name)}: {json.dumps(told)}" for name, told in sorted(groups.items()))
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
