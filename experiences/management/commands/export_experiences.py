from experiences.interchange import exporter
from experiences.management.exports import ExportCommand


class Command(ExportCommand):
    help = (
        "Export the published field reports as JSON Lines (the API's shape) or CSV. "
        "import_experiences reads both back. In CSV, a cell that a spreadsheet would run begins "
        "with an apostrophe."
    )

    def export(self, form, out, everything):
        return exporter.export(form, out, everything)
