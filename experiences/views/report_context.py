"""A report as one person reads it: its page, and the preview of what is not sent yet."""

from django.utils.translation import gettext as _

from experiences.search.similarity import context_label


def report_context(report, user, mine=None):
    """Return what the page of a report shows of its words to `user`, in the situation `mine`."""
    told = facts(report, mine)
    return {
        "report": report,
        "texts": [(name, heading(report, name), report.html.get(name)) for name in report.TEXTS],
        "facts": told,
        "setting": setting(told),
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


def setting(told):
    """Return [(words, is it the reader's own)] of the facets that every report has, among the facts `told`:
    what is read above the story.
    """
    return [(", ".join(map(_alone, values)), own) for facet, values, own in told if facet.required]


def _alone(context):
    """Return a context as it can stand without its facet: what was not told says of what."""
    if context.is_known:
        return context_label(context)
    return _("%(facet)s: %(value)s") % {"facet": context.facet.label, "value": context.label}


def heading(report, name):
    return report._meta.get_field(name).verbose_name
