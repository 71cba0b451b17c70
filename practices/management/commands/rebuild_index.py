import os
import time

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Exists, OuterRef

from config.database.batches import batched
from config.database.processes import pool
from experiences import search_index as search
from experiences.management.progress import Progress
from experiences.models import Experience, ListedReport
from experiences.search import rebuild as reports
from practices.models import ListedPractice, Practice
from practices.models.practice.queryset import AT_ONCE
from practices.models.practice.retagging import PRACTICES
from practices.search import rebuild as practices

CHUNK = 200
# SQLite lets one write at a time, and who waits for that asks again after 0.1 s: without a pause between
# chunks, none ever found it free.
PAUSE = 0.12  # seconds
LISTED = (ListedReport, ListedPractice)


class Command(BaseCommand):
    help = "Derive what is rendered, found, near and listed, and the grades, again from what people wrote."

    def add_arguments(self, parser):
        parser.add_argument(
            "--missing", action="store_true", help="only of what no list shows yet, as after an upgrade"
        )
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count(), help="at work at once; with SQLite, one is"
        )

    def handle(self, *, missing, processes, **options):
        self.missing, self.processes = missing, processes
        reports_now, practices_now = Experience.objects.all(), Practice.objects.all()
        if missing:
            shown = [listed.objects.filter(is_listed=True, pk=OuterRef("pk")) for listed in LISTED]
            reports_now = reports_now.published().filter(~Exists(shown[0]))
            practices_now = practices_now.published().filter(~Exists(shown[1]))
        self.rebuild_reports(reports_now)
        self.rebuild_practices(practices_now.for_detail())
        if not missing:
            self.drop_strays()

    def rebuild_reports(self, queryset):
        keys, done = list(queryset.order_by("pk").values_list("pk", flat=True)), 0
        with Progress(len(keys)) as progress:
            for number in self.shared_out(reports.rebuild, list(batched(keys, CHUNK))):
                done += number
                progress.at(done)
        self.tell(done, "reports")

    def shared_out(self, rebuild, chunks):
        """Yield what `rebuild` returns for each of `chunks`, which several processes take in turn.

        One alone does it where one alone can write (SQLite), or reads what others do not see yet.
        """
        processes = min(self.processes, len(chunks))
        if processes < 2 or connection.vendor == "sqlite" or connection.in_atomic_block:
            for number, chunk in enumerate(chunks):
                if number and connection.vendor == "sqlite" and not connection.in_atomic_block:
                    time.sleep(PAUSE)
                yield rebuild(chunk)
            return
        with pool(processes) as executor:
            yield from executor.map(rebuild, chunks)

    def rebuild_practices(self, queryset):
        total, number = queryset.count(), 0
        with Progress(total) as progress:
            for row in queryset.order_by("pk").iterator(chunk_size=AT_ONCE):
                practices.rebuild(row)
                number += 1
                progress.at(number)
        self.tell(number, "practices")

    def tell(self, number, name):
        if number or not self.missing:
            self.stdout.write(f"{number} {name} derived again.")

    def drop_strays(self):
        for model, index, listed in (
            (Experience, search.REPORTS, ListedReport),
            (Practice, PRACTICES, ListedPractice),
        ):
            public = model.objects.published()
            for derived in (index, model.Profile.objects):
                for key in reports.strays(derived, public):
                    derived.drop(key)
            model.Profile.objects.drop_strays()
            listed.objects.drop(reports.list_strays(listed, public))
