"""What the two export commands share: where to write, and in which form."""

import io
import os
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class ExportCommand(BaseCommand):
    """A command whose `export(form, out, everything)` writes rows and returns how many."""

    everything_help = "every state, for operators; names stay withheld"

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["jsonl", "csv"], default="jsonl")
        parser.add_argument("--output", metavar="FILE", help="instead of standard output")
        parser.add_argument("--all", action="store_true", dest="everything", help=self.everything_help)

    def handle(self, *, format, output, everything, **options):
        if output is None:
            self.write_to_standard_output(format, everything)
            return
        try:
            with open(output, "w", encoding="utf-8", newline="") as out:
                number = self.export(format, out, everything)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(f"{output}: {reason}") from error
        self.stdout.write(_("%(number)s written to %(file)s.") % {"number": number, "file": output})

    def write_to_standard_output(self, form, everything):
        out = self.stdout._out
        if out is sys.stdout and isinstance(out, io.TextIOWrapper):
            out.reconfigure(encoding="utf-8", newline="")
        try:
            self.export(form, out, everything)
            out.flush()
        except BrokenPipeError:  # The reader, `head` say, has had enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
