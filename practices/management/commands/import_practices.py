from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from experiences.management.imports import ImportCommand
from practices.interchange.importer import PracticeImporter


class Command(ImportCommand):
    help = (
        "Import best practices from JSON Lines (in the API's own shape) or CSV, as export_practices makes. "
        "They arrive as drafts of a curator, with their claims and evidence: another curator publishes them. "
        "Import and publish the reports they cite first. What was imported once is not imported again."
    )
    formats = ("jsonl", "csv")
    author_help = "the curator whose drafts these are (needed)"

    def importer(self, author, *, dry_run, **options):
        if author is None or not author.has_perm("practices.curate_practice"):
            raise CommandError(_("Say with --author which curator brings these practices."))
        return PracticeImporter(author=author, dry_run=dry_run)
