"""A report as readers will see it, made from what is typed: nothing is stored."""

import copy

from django.utils import timezone

from experiences.models import Keyword
from experiences.models.report.content import hold
from experiences.text import markdown


def as_published(report, author):
    """Return a copy of `report`, its parts in hand, that its page shows as if `author` had published it."""
    shown = copy.copy(report)
    shown.author, shown.status = author, report.Status.PUBLISHED
    shown.published_at = report.published_at or timezone.now()
    shown.settle_author_stakes()
    shown.html = {name: markdown.render(getattr(report, name)) for name in report.TEXTS}
    shown.pk = report.pk or 0  # A row that is not stored has no related rows to ask for.
    shown._prefetched_objects_cache = {}
    for name in ("stakes", "contexts", "measures", "sources"):
        hold(shown, name, report.given(name))
    hold(shown, "keywords", [Keyword(name=word) for word in _words(report.given("keywords"))])
    shown.parts = None
    shown.strength = shown.compute_strength()
    return shown


def _words(keywords):
    return dict.fromkeys(" ".join(str(word).split()).casefold() for word in keywords)
