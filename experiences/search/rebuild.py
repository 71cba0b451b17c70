"""What is derived from a report: its rendered texts, its strength, its search row, its word profile.

The verbs write it in the transaction of what it comes from. Here it is derived again
(`rebuild_index`) and compared (`check_index`).
"""

from django.db import transaction

from experiences import search_index as search
from experiences.models import Experience
from experiences.text import markdown


def rebuild(report):
    """Derive everything again from what is stored, unless a verb is just doing so."""
    html, strength = rendered(report), report.compute_strength()
    with transaction.atomic():
        same = Experience.objects.filter(pk=report.pk, version=report.version)
        if same.update(html=html, strength=strength):
            put_or_drop(search.REPORTS, report, is_public(report))
            make_profile_again(report, is_public(report))


def differences(report):
    """Yield the names of what is stored otherwise than it would be derived now."""
    if report.html != rendered(report):
        yield "html"
    if report.strength != report.compute_strength():
        yield "strength"
    if is_public(report) and not search.REPORTS.holds(report):
        yield "search row"
    if is_public(report) and not Experience.Profile.objects.holds(report):
        yield "word profile"


def rendered(report):
    return {name: markdown.render(getattr(report, name)) for name in Experience.TEXTS}


def is_public(report):
    return report.status == Experience.Status.PUBLISHED


def put_or_drop(index, row, wanted):
    if wanted:
        index.put(row)
    else:
        index.drop(row.pk)


def make_profile_again(row, wanted):
    """Write the profile of `row` whatever is stored: what it was found by may have gone missing."""
    row.Profile.objects.drop(row.pk)
    if wanted:
        row.Profile.objects.put(row)


def strays(index, public):
    """Return the keys of search rows that stand for nothing in the queryset `public`."""
    return index.ids() - set(public.values_list("pk", flat=True))
