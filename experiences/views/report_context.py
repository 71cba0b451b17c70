"""A report as one person reads it: its page, and the preview of what is not sent yet."""


def report_context(report, user, mine=None):
    """Return what the page of a report shows of its words to `user`, in the situation `mine`."""
    return {
        "report": report,
        "texts": [(name, heading(report, name), report.html.get(name)) for name in report.TEXTS],
        "facts": facts(report, mine),
        "chosen": report.chosen_by_author(),
        "sources": report.sources_for(user),
        "day": day_format(report, user),
    }


def day_format(report, user):
    """Return the format of its dates: of a withheld report, others than its author read the month."""
    exact = report.identity == report.Identity.NAMED or user == report.author
    return "DATE_FORMAT" if exact else "YEAR_MONTH_FORMAT"


def facts(report, mine):
    """Return [(facet, values, is it the reader's own)] in the order of the facets."""
    own = set(mine.contexts.all()) if mine else set()
    return [
        (values[0].facet, values, any(value in own and value.is_known for value in values))
        for values in report.shown_contexts().values()
    ]


def heading(report, name):
    return report._meta.get_field(name).verbose_name
