from django.core.management.base import BaseCommand

from practices.models import Clustering


class Command(BaseCommand):
    help = "Group published reports that no practice uses yet, for the curators' desk."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-due", action="store_true", help="only once a day, or when many reports were published since"
        )

    def handle(self, *, if_due, **options):
        last = Clustering.last()
        if if_due and not last.is_due:
            return
        if not last.begin():
            self.stdout.write("Another process is grouping reports just now.")
            return
        from practices.tasks import clustering  # Only now: scikit-learn takes a second and 100 MB.

        number = clustering.cluster_reports()
        last.end()
        self.stdout.write(f"{number} clusters.")
