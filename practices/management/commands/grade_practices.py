from django.core.management.base import BaseCommand
from django.db import transaction

from experiences.management.progress import Progress
from practices.models import Practice


class Command(BaseCommand):
    help = "Recompute the grade of every practice; one that moved says so in its log."

    def handle(self, **options):
        moved, keys = 0, list(Practice.objects.order_by("pk").values_list("pk", flat=True))
        with Progress(len(keys)) as progress:
            for number, pk in enumerate(keys, 1):
                moved += regraded(pk)
                progress.at(number)
        self.stdout.write(f"{len(keys)} practices graded, {moved} grades moved.")


def regraded(pk):
    """Recompute one grade; return whether it moved."""
    with transaction.atomic():
        practice = Practice.objects.get(pk=pk)
        before = practice.grade
        practice.regrade(cause="recomputed")
    return practice.grade != before
