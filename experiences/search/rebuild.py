"""What is derived from a report: its rendered texts, its strength, its text as search has it, its word
profile, its list row.

The verbs write it in the transaction of what it comes from. Here it is derived again
(`rebuild_index`) and compared (`check_index`).
"""

from django.db import transaction
from django.db.models import Exists, OuterRef

from experiences.list_index import rows as listed
from experiences.list_index.items import with_feeds
from experiences.models import Experience, ListedReport
from experiences.models.report.reading import with_parts
from experiences.text import markdown


def rebuild(keys):
    """Derive everything again from what is stored of the reports `keys`; return how many these are.

    No verb writes these meanwhile, nor what lists show of them: what it derives then is newer.
    """
    with transaction.atomic():
        for model in (Experience, ListedReport):
            list(model.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
        reports = with_parts(list(Experience.objects.filter(pk__in=keys)))
        _derive(reports)
        public = [report for report in reports if is_public(report)]
        Experience.Text.objects.put_all(public)
        Experience.Profile.objects.put_all(public, again=True)
        listed.put(public)
    return len(keys)


def _derive(reports):
    """Render `reports` and judge their strength; write what was otherwise."""
    for name, derive in (("html", rendered), ("strength", Experience.compute_strength)):
        changed = []
        for report in reports:
            now = derive(report)
            if getattr(report, name) != now:
                setattr(report, name, now)
                changed.append(report)
        Experience.objects.bulk_update(changed, [name])


def differences(report):
    """Yield the names of what is stored otherwise than it would be derived now."""
    if report.html != rendered(report):
        yield "html"
    if report.strength != report.compute_strength():
        yield "strength"
    if is_public(report):
        if not Experience.Text.objects.holds(report):
            yield "text"
        if not Experience.Profile.objects.holds(report):
            yield "word profile"
        row = ListedReport.objects.filter(pk=report.pk).first()
        yield from listed.differences(with_feeds([report])[0], row)


def rendered(report):
    return {name: markdown.render(getattr(report, name)) for name in Experience.TEXTS}


def is_public(report):
    return report.status == Experience.Status.PUBLISHED


def strays(derived, public):
    """Return the keys of texts or profiles, a manager, that stand for nothing in the queryset `public`."""
    return derived.ids() - set(public.values_list("pk", flat=True))


def list_strays(model, public):
    """Return the keys of the rows of a list, `model`, that stand for nothing in the queryset `public`."""
    # As a join: PostgreSQL goes through a NOT IN row by row where it does not fit into work_mem.
    stands = Exists(public.filter(pk=OuterRef("pk")))
    return list(model.objects.filter(~stands, is_listed=True).values_list("pk", flat=True))
