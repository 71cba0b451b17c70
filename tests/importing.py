"""Files to import, and what their import said."""

import io
import re

from django.core.management import call_command
from hypothesis import HealthCheck, settings

from tests.conftest import CORPUS
from tests.factories import TOLD, WHERE

SHARED = CORPUS
# A complete record, in the shape of the API.
GOOD = {**TOLD, "contexts": WHERE, "stakes": ["moving-platform"], "language": "en"}


def one_of_so_many(number):
    """Return the settings of a property that imports, of which a `number`th of what is usual is drawn: it is
    slow, has the fixtures of one test for all, and draws from documents that are not part of the project.
    """
    return settings(
        max_examples=settings.default.max_examples // number,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        database=None,
    )


class Outcome:
    """What the command printed, and its exit code."""

    def __init__(self, *args, command="import_experiences", **options):
        out, err = io.StringIO(), io.StringIO()
        self.code = 0
        try:
            call_command(command, *map(str, args), stdout=out, stderr=err, **options)
        except SystemExit as end:
            self.code = end.code
        self.out, self.err = out.getvalue(), err.getvalue()
        counts = re.search(r"(\d+) new, (\d+) already there, (\d+) refused", self.out)
        self.new, self.there, self.refused = (int(number) for number in counts.groups())

    @property
    def counts(self):
        return self.new, self.there, self.refused
