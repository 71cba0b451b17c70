from experiences.management.exports import ExportCommand
from practices.interchange import exporter


class Command(ExportCommand):
    help = (
        "Export the published practices, with claims, evidence and grade, as JSON Lines (the API's shape) "
        "or CSV. In CSV, a cell that a spreadsheet would run begins with an apostrophe."
    )
    everything_help = "drafts and practices in review too, for operators"

    def export(self, form, out, everything):
        return exporter.export(form, out, everything)
