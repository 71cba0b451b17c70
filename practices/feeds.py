"""The Atom feed of practices: each published version, as readers see it."""

from django.db.models import F
from django.urls import reverse, reverse_lazy
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from experiences.feeds import FilteredFeed, writable
from experiences.text import markdown
from practices.models import PracticeVersion
from practices.search.filters import PracticeFilterSet


class PracticeFeed(FilteredFeed):
    filterset = PracticeFilterSet
    path = reverse_lazy("feed-practices")
    link = reverse_lazy("practices:index")
    title_of_site = gettext_lazy("%(site)s: best practices")
    subtitle = gettext_lazy("What can be said from the field, how sure we are, and for whom.")

    def items(self, filterset):
        """Return rows as lists have them, and what feeds alone tell: when, and what a translation follows."""
        rows = super().items(filterset)
        versions = PracticeVersion.objects.filter(
            practice__current=F("pk"), practice__in=[row.pk for row in rows]
        )
        known = versions.select_related("follows_version").only(
            "practice", "published_at", "follows_version__title"
        )
        current = {version.practice_id: version for version in known}
        for row in rows:
            row.current = current[row.pk]
            row.stakes = filterset.stakes_of(row.pk)
        return rows

    def key_of(self, practice):
        return "practices", practice.slug

    def language_of(self, practice):
        return practice.told["language"]

    def item_link(self, practice):
        return reverse("practices:detail", args=[practice.slug])

    def item_title(self, practice):
        return writable(practice.told["title"])

    def item_description(self, practice):
        grade = practice.graded.get_grade_display()
        summary = markdown.plain(markdown.render(practice.told["summary"]))
        return escape(writable(f"{self.original_of(practice)}{grade}. {summary}"))

    def original_of(self, practice):
        """Say of a translation what it translates, so that nobody takes it for another practice."""
        original = practice.told["translation_of"]
        if original is None:
            return ""
        sentence = _("Translated from version %(number)s of “%(title)s”.")
        title = practice.current.follows_version.title
        return sentence % {"number": original["version"], "title": title} + " "

    def item_categories(self, practice):
        return practice.stakes

    def item_pubdate(self, practice):
        return practice.current.published_at

    item_updateddate = item_pubdate
