"""A report as readers will see it, made from what is typed: nothing is stored."""

import copy

from django.utils import timezone

from experiences import prose
from experiences.models import Context, Keyword, Measure, Source, Stake


def as_published(report, author):
    """Return a copy of `report`, its parts in hand, that its page shows as if `author` had published it."""
    shown = copy.copy(report)
    shown.author, shown.status = author, report.Status.PUBLISHED
    shown.published_at = report.published_at or timezone.now()
    shown.settle_author_stakes()
    shown.html = {name: prose.render(getattr(report, name)) for name in report.TEXTS}
    shown._prefetched_objects_cache = {
        "stakes": _stored(Stake, report.given("stakes")),
        "contexts": _stored(Context, report.given("contexts")),
        "keywords": _stored(Keyword, [Keyword(name=word) for word in _words(report.given("keywords"))]),
        "measures": _stored(Measure, report.given("measures")),
        "sources": _stored(Source, report.given("sources")),
    }
    shown.pk = report.pk or 0  # A row that is not stored has no related rows to ask for.
    shown.strength = shown.compute_strength()
    return shown


def _stored(model, rows):
    """Return `rows` as if the database had just given them."""
    found = model.objects.none()
    found._result_cache = list(rows)
    return found


def _words(keywords):
    return dict.fromkeys(" ".join(str(word).split()).casefold() for word in keywords)
