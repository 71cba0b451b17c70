"""The Atom feed of a kept search: what its list finds for someone who is not signed in, under its own name.

Whoever has its address reads it, without an account; it is gone with the search.
"""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import limited
from accounts.models import current_site
from experiences.feeds import ReportFeed, permanent_id, writable
from experiences.search.parameters import Parameters
from practices.feeds import PracticeFeed
from practices.models import KeptSearch


class SearchFeed:
    """What a feed of a list tells otherwise once it is of a kept search."""

    def __init__(self, search):
        self.search = search
        self.title, self.path = writable(search.name), search.feed_path
        self.link = search.get_absolute_url()

    def subtitle(self):
        return _("A search that a member of %(site)s keeps.") % {"site": current_site().name}

    def get_object(self, request):
        Parameters(request.GET).refuse_unknown(())
        filterset = self.search.filterset()
        filterset.ordering, filterset.size = "newest", self.most
        request.filterset = filterset
        return filterset

    def validator(self, states):
        return states, self.search.name, self.search.kind, self.search.query

    def feed_url(self, filterset):
        return self.path

    def feed_guid(self, filterset):
        return permanent_id("searches", self.search.public_id)


class KeptReports(SearchFeed, ReportFeed):
    """Reports that a kept search finds."""


class KeptPractices(SearchFeed, PracticeFeed):
    """Practices that a kept search finds."""


FEEDS = {KeptSearch.Kind.REPORTS: KeptReports, KeptSearch.Kind.PRACTICES: KeptPractices}


@require_safe
@limited("searches")
def search_feed(request, public_id):
    """Give the feed of a kept search."""
    search = get_object_or_404(KeptSearch.objects.open(), public_id=public_id)
    response = FEEDS[search.kind](search)(request)
    response["X-Robots-Tag"] = "noindex"
    return response
