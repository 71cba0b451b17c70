"""The Atom feed of practices: each published version, as readers see it."""

from django.urls import reverse_lazy
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from experiences.feeds import FilteredFeed, writable
from experiences.text import markdown
from practices.search.filters import PracticeFilterSet


class PracticeFeed(FilteredFeed):
    filterset = PracticeFilterSet
    path = reverse_lazy("feed-practices")
    link = reverse_lazy("practices:index")
    title = gettext_lazy("Retex: best practices")
    subtitle = gettext_lazy("What can be said from the field, how sure we are, and for whom.")

    def key_of(self, practice):
        return "practices", practice.slug

    def language_of(self, practice):
        return practice.current.language

    def item_title(self, practice):
        return writable(practice.current.title)

    def item_description(self, practice):
        summary = markdown.plain(markdown.render(practice.current.summary))
        original = self.original_of(practice)
        return escape(writable(f"{original}{practice.get_grade_display()}. {summary}"))

    def original_of(self, practice):
        """Say of a translation what it translates, so that nobody takes it for another practice."""
        followed = practice.current.follows_version
        if followed is None or practice.original_shown is None:
            return ""
        sentence = _("Translated from version %(number)s of “%(title)s”.")
        return sentence % {"number": followed.number, "title": followed.title} + " "

    def item_categories(self, practice):
        return [stake.slug for stake in practice.stakes.all()]

    def item_pubdate(self, practice):
        return practice.current.published_at

    item_updateddate = item_pubdate
