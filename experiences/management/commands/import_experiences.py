from experiences.interchange.importer import Importer
from experiences.management.imports import ImportCommand


class Command(ImportCommand):
    help = (
        "Import field reports from JSON Lines (in the API's own shape), CSV or Markdown files. "
        "A record must be complete, as for publication; bad ones are reported with file, line and "
        "field, good ones are kept. A file whose records have a source_id is safe to import twice; "
        "what was erased since does not come again."
    )
    author_help = "whose reports these are; else nobody's"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--publish", action="store_true", help="publish, by the rules of the form")

    def importer(self, author, *, publish, dry_run, **options):
        return Importer(author=author, publish=publish, dry_run=dry_run)
