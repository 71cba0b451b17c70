"""What the import commands share: files, options, and how what happened is told."""

import os
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from experiences.interchange import FORMATS, read
from experiences.interchange.base import NEW, REFUSED, THERE
from experiences.management.progress import Progress

AT_A_TIME, CHARACTERS_AT_A_TIME = 100, 10_000_000  # records, and of their texts, stored at once
MOST_NAMES = 40  # told of what was passed over


class ImportCommand(ABC, BaseCommand):
    """A command whose `importer(author, **options)` takes the records of files."""

    formats = ("jsonl", "csv", "md")
    author_help = ""

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--format", choices=self.formats, help="when the name does not tell it")
        parser.add_argument(
            "--map", action="append", default=[], metavar="THEIRS=OURS", dest="names",
            help="read their key as our field or facet; THEIRS= drops it",
        )  # fmt: skip
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=VALUE", dest="defaults",
            help="fill what a record lacks, any field or facet; several values are joined by ;",
        )  # fmt: skip
        parser.add_argument("--author", metavar="EMAIL", help=self.author_help)
        parser.add_argument("--dry-run", action="store_true", help="report the same and write nothing")

    @abstractmethod
    def importer(self, author, **options):
        """Return what takes the records, in the name of `author`."""

    def handle(self, *, files, format, names, defaults, author, **options):
        importer = self.importer(member(author), **options)
        if not importer.facets:
            raise CommandError(_("The lists of stakes and contexts are empty: run load_vocabulary first."))
        importer.names = pairs("--map", names)
        importer.defaults = pairs("--set", defaults)
        ours = {*importer.names.values(), *importer.defaults} - {""}
        if unknown := sorted(ours - importer.columns - set(importer.facets)):
            raise CommandError(
                _("There is no field or facet “%(names)s”. Choose among: %(known)s.")
                % {
                    "names": ", ".join(unknown),
                    "known": ", ".join([*importer.field_names(), *importer.facets]),
                }
            )
        totals = Counter()
        for path in files:
            totals += self.import_file(path, format, importer)
        self.stdout.write(" ".join(self.summary(totals, importer)))
        if totals[REFUSED]:
            raise SystemExit(1)

    def summary(self, totals, importer):
        yield (
            _("%(new)s new, %(there)s already there, %(refused)s refused.")
            % {"new": totals[NEW], "there": totals[THERE], "refused": totals[REFUSED]}
        )
        if importer.departed:
            yield (
                ngettext(
                    "%(number)s of those already there was here before: what was erased, or left without a "
                    "name, does not come again.",
                    "%(number)s of those already there were here before: what was erased, or left without a "
                    "name, does not come again.",
                    importer.departed,
                )
                % {"number": importer.departed}
            )
        if importer.dry_run:
            yield _("This was a dry run: nothing was written.")

    def import_file(self, path, form, importer):
        """Import one file; return how many records met which end."""
        form = form or FORMATS.get(path.suffix.lower())
        if form not in self.formats:
            return self.refuse_file(path, _("Its name does not tell the format: say it with --format."))
        importer.begin_file()
        try:
            size = os.path.getsize(path)
            with path.open("rb") as stream:
                return self.import_records(path, form, stream, size, importer)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name.
            return self.refuse_file(path, getattr(error, "strerror", None) or str(error))

    def refuse_file(self, path, reason):
        self.say(f"{path}: {reason}")
        return Counter({REFUSED: 1})

    def import_records(self, path, form, stream, size, importer):
        totals, passed_over, remarks = Counter(), Counter(), Counter()
        with Progress(size) as progress:
            records = read(stream, form, importer.vocabulary)
            for record, outcome, ignored in self.taken(importer, records, flat=form != "jsonl"):
                totals[outcome] += 1
                passed_over.update(ignored)
                remarks.update(record.remarks if outcome == NEW else ())
                if record.problems:
                    progress.clear()
                    self.list_problems(path, record)
                progress.at(stream.tell() if not stream.closed else size)
        if not totals:
            self.say(_("%(file)s: there is no record in this file.") % {"file": path})
        if passed_over:
            names = _("ignored, because they are not fields: %(names)s")
            self.say(f"{path}: {names % {'names': counted(passed_over)}} [unknown_field]")
        if remarks:
            self.say(f"{path}: {counted(remarks, longest=200)} [remark]")
        return totals

    def taken(self, importer, records, flat):
        """Yield (record, outcome, names passed over) for each of `records`, several of them at once."""
        try:
            for some in several(records):
                yield from importer.take(some, flat)
        except OperationalError as error:
            raise CommandError(_("The database did not answer: %(reason)s") % {"reason": error}) from error

    def list_problems(self, path, record):
        for problem in record.problems:
            place = ": ".join(str(part) for part in (f"{path}:{problem.line}", problem.field) if part)
            self.say(f"{place}: {problem.message} [{problem.code}]")

    def say(self, text):
        self.stderr.write(printable(text), self.style.NOTICE)


def printable(text):
    """Return `text` without what could steer a terminal or break its encoding."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def counted(counts, longest=60):
    """Return what was counted, each with its number."""
    return ", ".join(f"{text[:longest]} ({number})" for text, number in sorted(counts.items())[:MOST_NAMES])


def member(email):
    if not email:
        return None
    try:
        return User.objects.get(email__iexact=email, is_active=True)
    except (User.DoesNotExist, ValueError):
        raise CommandError(_("No active member has the address %(email)s.") % {"email": email}) from None


def pairs(option, given):
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise CommandError(_("Write %(option)s as name=value.") % {"option": option})
        found[name.strip()] = value.strip()
    return found


def several(records):
    """Yield lists of some of `records`, as many as are stored at once; where reading them breaks off, what
    was read first.
    """
    some, size = [], 0
    try:
        for record in records:
            some.append(record)
            size += sum(len(text) for text in record.data.values() if isinstance(text, str))
            if len(some) == AT_A_TIME or size >= CHARACTERS_AT_A_TIME:
                yield some
                some, size = [], 0
    except Exception:
        if some:
            yield some
        raise
    if some:
        yield some
