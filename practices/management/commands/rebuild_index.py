from django.core.management.base import BaseCommand

from experiences import search_index as search
from experiences.management.progress import Progress
from experiences.models import Experience
from experiences.search import rebuild as reports
from practices.models import Practice
from practices.models.practice.retagging import PRACTICES
from practices.search import rebuild as practices

CHUNK = 200


class Command(BaseCommand):
    help = "Derive rendered texts, strengths, grades, search rows and word profiles from what people wrote."

    def handle(self, **options):
        self.rebuild(Experience.objects.for_detail(), reports.rebuild, "reports")
        self.rebuild(Practice.objects.for_detail(), practices.rebuild, "practices")
        for index, public in (
            (search.REPORTS, Experience.objects.published()),
            (Experience.Profile.objects, Experience.objects.published()),
            (PRACTICES, Practice.objects.published()),
            (Practice.Profile.objects, Practice.objects.published()),
        ):
            for key in reports.strays(index, public):
                index.drop(key)
        for model in (Experience, Practice):
            model.Profile.objects.drop_strays()

    def rebuild(self, queryset, one, name):
        total, number = queryset.count(), 0
        with Progress(total) as progress:
            for row in queryset.order_by("pk").iterator(chunk_size=CHUNK):
                one(row)
                number += 1
                progress.at(number)
        self.stdout.write(f"{number} {name} derived again.")
