from django.core.management.base import BaseCommand

from experiences import vocabulary


class Command(BaseCommand):
    help = "Load the shipped stakes, contexts and other lists; what is said there already is kept."

    def add_arguments(self, parser):
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="bring the shipped wording to the terms that no moderator has reworded here",
        )

    def handle(self, *, refresh, **options):
        made = vocabulary.load(refresh=refresh)
        self.stdout.write(f"Vocabulary: {made} terms added.")
        for term in vocabulary.addresses_taken():
            self.stderr.write(
                f"{term.address}: this site has a term of its own at this address, which stays as it is. The "
                "common term was not loaded."
            )
