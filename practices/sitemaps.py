"""The map for search engines: public pages alone, and no time finer than readers may know."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap, views
from django.urls import reverse
from django.views.decorators.http import require_safe

from experiences.models import Experience, Stake
from practices.models import Practice


class Public(Sitemap):
    limit = 10_000  # All sections of one page together stay under the protocol's 50,000.

    def get_latest_lastmod(self):
        """Say nothing of the newest: it would be one row's time, and costs a reading of all."""
        return None


class Pages(Public):
    def items(self):
        return ["home", "practices:index", "experiences:index", "stakes", "glossary"]

    def location(self, item):
        return reverse(item)


class Stakes(Public):
    def items(self):
        return Stake.objects.current()


class Reports(Public):
    def items(self):
        rows = Experience.objects.visible_to(AnonymousUser()).published().order_by("-order_key")
        return rows.only("public_id", "identity", "changed_at")

    def lastmod(self, report):
        return None if report.identity == Experience.Identity.WITHHELD else report.changed_at


class Practices(Public):
    def items(self):
        rows = Practice.objects.visible_to(AnonymousUser()).published().order_by("-current")
        return rows.select_related("current").only("slug", "current__published_at")

    def lastmod(self, practice):
        # Not changed_at: the grade moves the moment a report without a name comes or goes.
        return practice.current.published_at


SECTIONS = {"pages": Pages, "stakes": Stakes, "practices": Practices, "reports": Reports}


@require_safe
def sitemap(request):
    """Answer the whole map, or the index of its sections once one of them needs several pages."""
    if any(section().paginator.num_pages > 1 for section in SECTIONS.values()):
        return views.index(request, SECTIONS, sitemap_url_name="sitemap-section")
    return views.sitemap(request, SECTIONS)


@require_safe
def section(request, section):
    return views.sitemap(request, SECTIONS, section)
