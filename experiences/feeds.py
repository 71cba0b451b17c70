"""The Atom feed of reports. It takes the same filters as the list, and says no more than the list."""

import re
import uuid
from datetime import UTC, datetime, time

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.core.exceptions import ValidationError
from django.http import HttpResponseNotModified
from django.urls import reverse, reverse_lazy
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.decorators import limited_search
from accounts.models import current_site
from config.http.refused_address import refused_address
from config.rest.conditional import is_known, names_a_tag, tag_of
from experiences.models import Experience
from experiences.search.reports import ReportFilterSet

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold


def writable(text):
    return _UNWRITABLE.sub(" ", text)


def permanent_id(kind, key):
    """Return an identifier that survives a change of address: the same for ever for one item."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"retex:{kind}/{key}").urn


class EntryLanguages(Atom1Feed):
    """Atom, with the language of each entry."""

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}


class FilteredFeed(Feed):
    """A feed of what a list finds for someone who is not signed in."""

    feed_type = EntryLanguages
    filterset = None
    most = 50

    @method_decorator(limited_search)
    def __call__(self, request):
        try:
            response = self.unchanged(request) or self.tagged(request, super().__call__(request))
        except ValidationError as error:
            return refused_address(request, error, _("The whole feed"))
        # The same for whoever asks.
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
        patch_vary_headers(response, ["Cookie", "Accept-Language"])  # Its titles are in one language.
        return response

    def unchanged(self, request):
        """Return the answer to who has the feed as it is; None to others."""
        if not names_a_tag(request):
            return None
        tag = tag_of(request, self.validator(self.filterset.read_states()))
        return HttpResponseNotModified(headers={"ETag": tag}) if is_known(request, tag) else None

    def tagged(self, request, response):
        """Return `response`, the feed, with the tag of the states of the lists that it shows."""
        response["ETag"] = tag_of(request, self.validator(request.filterset.states))
        return response

    def author_name(self):
        return current_site().name

    def title(self):
        return self.title_of_site % {"site": current_site().name}

    def validator(self, states):
        """Return what is another whenever the feed is, which is of these `states`."""
        return states

    def get_object(self, request):
        filterset = self.filterset(request.GET, user=AnonymousUser())
        filterset.ordering, filterset.size = "newest", self.most
        request.filterset = filterset  # Of this request: the feed itself answers many.
        return filterset

    def items(self, filterset):
        return filterset.page().rows

    def feed_url(self, filterset):
        query = filterset.params.urlencode()
        return f"{self.path}?{query}" if query else str(self.path)

    def item_extra_kwargs(self, item):
        return {"language": self.language_of(item)}

    def item_guid(self, item):
        return permanent_id(*self.key_of(item))


class ReportFeed(FilteredFeed):
    """Reports as lists have them: nothing else is read."""

    filterset = ReportFilterSet
    path = reverse_lazy("feed-experiences")
    link = reverse_lazy("experiences:index")
    title_of_site = gettext_lazy("%(site)s: field reports")
    subtitle = gettext_lazy("What people who run communities tried, and what came of it.")

    def items(self, filterset):
        rows = super().items(filterset)
        for row in rows:
            row.changed_at = filterset.changed_at(row.pk)
        return rows

    def key_of(self, report):
        return "experiences", report.public_id

    def language_of(self, report):
        return report.told["language"]

    def item_link(self, report):
        return reverse("experiences:detail", args=[report.public_id])

    def item_title(self, report):
        return writable(report.told["title"])

    def item_description(self, report):
        verdict = Experience.Verdict(report.told["verdict"]).label
        return escape(writable(f"{verdict}. {report.told['excerpt']}"))

    def item_author_name(self, report):
        return report.byline

    def item_categories(self, report):
        return report.told["stakes"]

    def item_pubdate(self, report):
        """Return the day of publication; the first of its month when the name is withheld."""
        told = report.told["published_on"]
        return datetime.combine(parse_date(told if len(told) > 7 else f"{told}-01"), time.min, UTC)

    def item_updateddate(self, report):
        """Return the last change others may know of, never before the publication."""
        changed = report.changed_at
        if report.told["identity"] == Experience.Identity.WITHHELD:
            changed = datetime.combine(changed.date().replace(day=1), time.min, UTC)
        return max(changed, self.item_pubdate(report))
