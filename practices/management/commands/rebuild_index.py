import os
import time

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Exists, OuterRef

from config.database.batches import batched
from config.database.processes import pool
from experiences.management.progress import Progress
from experiences.models import Experience, ListedReport
from experiences.search import rebuild as reports
from experiences.text_index.index import INDEXES
from practices.figures.counting import make_figures
from practices.models import ListedPractice, Practice
from practices.models.practice.queryset import AT_ONCE
from practices.search import rebuild as practices

CHUNK = 200
# SQLite lets one write at a time, and who waits for that asks again after 0.1 s: without a pause between
# chunks, none ever found it free.
PAUSE = 0.12  # seconds


class Command(BaseCommand):
    help = "Derive what is rendered, found, near and listed, and the grades, again from what people wrote."

    def add_arguments(self, parser):
        parser.add_argument(
            "--missing", action="store_true", help="only of what no list shows yet, as after an upgrade"
        )
        parser.add_argument(
            "--search",
            action="store_true",
            help="only the files on this machine that words are looked for in",
        )
        parser.add_argument(
            "--if-due", action="store_true", help="with --search: only where they hold words that are gone"
        )
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count(), help="at work at once; with SQLite, one is"
        )

    def handle(self, *, missing, search, if_due, processes, **options):
        self.missing, self.processes, self.if_due = missing, processes, if_due
        if not search:
            reports_now, practices_now = Experience.objects.all(), Practice.objects.all()
            if missing:
                reports_now = self.without(reports_now.published(), ListedReport, Experience.Text)
                practices_now = self.without(practices_now.published(), ListedPractice, Practice.Text)
            self.rebuild_reports(reports_now)
            self.rebuild_practices(practices_now.for_detail())
        if search or not missing:
            if not search:
                self.drop_strays()
                make_figures()
            self.make_search_files()

    @staticmethod
    def without(rows, listed, texts):
        """Return those of `rows` that no list shows, or no words find."""
        found = Exists(listed.objects.filter(is_listed=True, pk=OuterRef("pk")))
        return rows.filter(~found | ~Exists(texts.objects.filter(pk=OuterRef("pk"))))

    def make_search_files(self):
        for name, index in INDEXES.items():
            if self.if_due:
                number = index.make_again_if_due()
            else:
                with Progress(index.texts.objects.count()) as progress:
                    number = index.make_again(progress.at)
            if number is not None:
                self.stdout.write(f"{number} texts of {name} indexed again.")

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
        for model, listed in ((Experience, ListedReport), (Practice, ListedPractice)):
            public = model.objects.published()
            for derived in (model.Text.objects, model.Profile.objects):
                for key in reports.strays(derived, public):
                    derived.drop(key)
            model.Profile.objects.drop_strays()
            listed.objects.drop(reports.list_strays(listed, public))
            model.Text.Vector.objects.drop(model.Text.Vector.objects.astray(model.Text.objects))
