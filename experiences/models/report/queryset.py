"""What is asked of reports: which one may know of, and what lists and pages read with them."""

from django.db.models import Q

from experiences.models.fields import PUBLIC_ID_LENGTH
from experiences.models.report.retagging import RetaggedReports


class ExperienceQuerySet(RetaggedReports):
    def visible_to(self, user):
        """Return what `user` may know of: what is published, their own, and what their role reads."""
        seen = Q(status=self.model.Status.PUBLISHED)
        if user.is_authenticated:
            seen |= Q(author=user)
        if user.has_perm("experiences.review_experience"):
            S = self.model.Status
            seen |= Q(status__in=[S.SUBMITTED, S.RETURNED, S.WITHDRAWN])
        if user.has_perm("experiences.moderate_experience"):
            seen |= Q(status=self.model.Status.HIDDEN)
        return self.filter(seen)

    def published(self):
        return self.filter(status=self.model.Status.PUBLISHED)

    def published_rows(self, keys, *columns):
        """Return {key: a tuple with the named `columns`} of the published reports among `keys`.

        They are found by their keys alone: asked for their status as well, SQLite looks through all that are
        published.
        """
        rows = self.filter(pk__in=keys).values_list("pk", "status", *columns, named=True) if keys else ()
        return {row.pk: row for row in rows if row.status == self.model.Status.PUBLISHED}

    def waiting(self):
        """Return what waits for a curator, the longest wait first."""
        return self.filter(status=self.model.Status.SUBMITTED).order_by("submitted_at", "pk")

    def at_address(self, address):
        """Return the one report with this identifier or this address of its page, or none."""
        public_id = address.strip().rstrip("/").rpartition("/")[2]
        if len(public_id) != PUBLIC_ID_LENGTH or not (public_id.isascii() and public_id.isalnum()):
            return self.none()
        return self.filter(public_id=public_id)

    def for_list(self):
        """Prefetch what a card or a list item shows; the long texts are left in the database."""
        return (
            self.defer("html", *(name for name in self.model.TEXTS if name != "result"))
            .select_related("author")
            .prefetch_related(*self._tags(), "measures__effect", "sources", "follow_ups")
        )

    def under_stakes(self, slugs, most):
        """Return up to `most` published reports with any of the stakes `slugs`, the newest first."""
        named = self.published().filter(stake_links__tag__slug__in=slugs).distinct()
        return named.for_list().order_by("-order_key")[:most]

    def for_titles(self):
        """Read no more than what a line of a list shows: a title, and how it ended."""
        return self.only("public_id", "language", "title", "verdict", "status", "author")

    def for_detail(self):
        return self.select_related("author", "event").prefetch_related(
            *self._tags(), "measures__effect", "sources", "follow_ups"
        )

    @staticmethod
    def _tags():
        # taggit's managers refuse a Prefetch with a queryset of one's own.
        yield "stakes__competency"
        yield "contexts__facet"
        yield "keywords"
