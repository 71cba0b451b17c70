"""Cards: what a list shows of a report, and of the reader's own situation."""

from experiences.models import Experience
from experiences.search import similarity
from experiences.text import markdown

SHOWN_IN_CARDS = ("audience", "kind", "community-size")


def report_cards(reports, query=None, situation=None, weights=similarity.AS_USUAL):
    """Return what components/report_card.html takes for each of `reports`."""
    texts = _texts(reports) if query else {}
    mine = similarity.known(situation.contexts.all()) if situation else None
    return [
        {
            "report": report,
            "title": query.marked(report.title, length=1000) if query else "",
            "snippet": _snippet(texts.get(report.pk, {}), query),
            "contexts": _few_contexts(report),
            "alike": similarity.explain(mine, similarity.known(report.contexts.all()), weights)
            if mine
            else "",
        }
        for report in reports
    ]


def _texts(reports):
    """Return {pk: rendered texts}: cards leave them in the database, only snippets need them."""
    rows = Experience.objects.filter(pk__in=[report.pk for report in reports])
    return dict(rows.values_list("pk", "html"))


def _snippet(html, query):
    for name in ("result", "lessons", "situation", "action", "enablers", "constraints", "comparison"):
        if html.get(name):
            marked = query.marked(markdown.plain(html[name]))
            if marked:
                return marked
    return ""


def _few_contexts(report):
    shown = report.shown_contexts()
    found = [context for facet in SHOWN_IN_CARDS for context in shown.get(facet, [])]
    return [similarity.context_label(context) for context in found if context.is_known]


def situation_words(situation):
    """Return the known contexts of `situation` in words, for components/lens.html."""
    if situation is None:
        return []
    rows = [context for context in situation.contexts.all() if context.is_known]
    return [
        similarity.context_label(row)
        for row in sorted(rows, key=lambda row: (row.facet.position, row.position))
    ]
