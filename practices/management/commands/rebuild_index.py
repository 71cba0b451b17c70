from django.core.management.base import BaseCommand

from config.batches import batched
from experiences import search_index as search
from experiences.management.progress import Progress
from experiences.models import Experience, ListedReport
from experiences.search import rebuild as reports
from practices.models import ListedPractice, Practice
from practices.models.practice.retagging import PRACTICES
from practices.search import rebuild as practices

CHUNK = 200
LISTED = (ListedReport, ListedPractice)


class Command(BaseCommand):
    help = "Derive what is rendered, found, near and listed, and the grades, again from what people wrote."

    def add_arguments(self, parser):
        parser.add_argument(
            "--missing", action="store_true", help="only of what no list shows yet, as after an upgrade"
        )

    def handle(self, *, missing, **options):
        self.missing = missing
        reports_now, practices_now = Experience.objects.all(), Practice.objects.all()
        if missing:
            shown = [listed.objects.filter(is_listed=True).values("pk") for listed in LISTED]
            reports_now = reports_now.published().exclude(pk__in=shown[0])
            practices_now = practices_now.published().exclude(pk__in=shown[1])
        self.rebuild_reports(reports_now)
        self.rebuild_practices(practices_now.for_detail())
        if not missing:
            self.drop_strays()

    def rebuild_reports(self, queryset):
        keys, done = list(queryset.order_by("pk").values_list("pk", flat=True)), 0
        with Progress(len(keys)) as progress:
            for some in batched(keys, CHUNK):
                reports.rebuild(some)
                done += len(some)
                progress.at(done)
        self.tell(done, "reports")

    def rebuild_practices(self, queryset):
        total, number = queryset.count(), 0
        with Progress(total) as progress:
            for row in queryset.order_by("pk").iterator(chunk_size=CHUNK):
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
