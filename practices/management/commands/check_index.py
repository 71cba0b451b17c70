from django.core.management.base import BaseCommand

from experiences.management.progress import Progress
from experiences.models import Experience, ListedReport
from experiences.search import rebuild as reports
from experiences.text_index.index import INDEXES
from practices.models import ListedPractice, Practice
from practices.models.practice.queryset import AT_ONCE
from practices.search import rebuild as practices

CHUNK = 200


class Command(BaseCommand):
    help = "Compare what is derived with what it would be now; list the differences, and exit 1 if any."

    def handle(self, **options):
        found = 0
        for model, derived, listed, at_once in (
            (Experience, reports, ListedReport, CHUNK),
            (Practice, practices, ListedPractice, AT_ONCE),
        ):
            found += self.compare(model.objects.for_detail(), derived.differences, at_once)
            public, profiles, strays = model.objects.published(), model.Profile, []
            for one in (model.Text, profiles):
                keys = sorted(reports.strays(one.objects, public))
                strays += [(one._meta.db_table, key) for key in keys]
            vectors = model.Text.Vector
            strays += [(vectors._meta.db_table, key) for key in vectors.objects.astray(model.Text.objects)]
            strays += [(listed._meta.db_table, key) for key in reports.list_strays(listed, public)]
            for table, key in strays:
                self.stdout.write(f"{table}: row {key} stands for nothing public.")
            found += len(strays)
            for term, _place in profiles.objects.strays():
                self.stdout.write(f"{profiles.Posting._meta.db_table}: “{term}” is said by nothing public.")
                found += 1
        for name, index in INDEXES.items():
            for key in index.differences():
                self.stdout.write(f"search index of {name}: row {key} differs.")
                found += 1
        self.stdout.write(f"{found} differences." if found else "Everything derived is as it should be.")
        if found:
            raise SystemExit(1)

    def compare(self, queryset, differences, at_once):
        found = 0
        with Progress(queryset.count()) as progress:
            for number, row in enumerate(queryset.order_by("pk").iterator(chunk_size=at_once), 1):
                for difference in differences(row):
                    progress.clear()
                    address = getattr(row, "public_id", None) or row.slug
                    self.stdout.write(f"{row._meta.model_name} {address}: {difference} differs.")
                    found += 1
                progress.at(number)
        return found
