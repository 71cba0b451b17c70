"""What a report said before: each telling that was sent or published, kept as it was."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import public_id
from experiences.models.measures import Source
from experiences.models.report.report import Experience
from experiences.models.vocabulary.terms import Context


class RevisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what `user` may read: what was public; for the author and curators, what was sent, too.

        Of a report whose author withholds their name, readers get nothing that was told under it.
        """
        known = self.filter(report__in=Experience.objects.visible_to(user))
        if user.has_perm("experiences.review_experience"):
            return known
        identity = Experience.Identity
        public = Q(report__identity=identity.NAMED) | Q(told__identity=identity.WITHHELD)
        public &= ~Q(kind=Revision.Kind.SENT)
        return known.filter(public | Q(report__author=user) if user.is_authenticated else public)

    def keep(self, report, kind):
        """Store what `report` tells now; the same telling is not kept twice in a row."""
        told = report.snapshot()
        if kind in Revision.REPEATABLE:
            last = self.filter(report=report).only("told").last()
            if last and last.told == told:
                return
        self.create(report=report, number=report.version, kind=kind, told=told)


class Revision(models.Model):
    """A telling of a report, as it was sent or published."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Sent to a curator")
        PUBLISHED = "published", _("Published")
        EDITED = "edited", _("Changed")
        WITHHELD = "withheld", _("Words withheld by a moderator")

    # What can happen again without a change; the others always begin something.
    REPEATABLE = (Kind.SENT, Kind.EDITED)
    CHANGES = (Kind.EDITED, Kind.WITHHELD)

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="revisions")
    # In addresses: how often a report was sent before it was published is nobody's affair.
    public_id = models.CharField(max_length=12, unique=True, default=public_id)
    number = models.PositiveIntegerField()  # The report's `version` that told this.
    kind = models.CharField(max_length=9, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    told = models.JSONField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_revision_per_version_of_a_report")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.number})"

    @property
    def is_change(self):
        return self.kind in self.CHANGES

    def content_for(self, user):
        """Return what it told, as `user` may know it: for readers, less what the author withholds today."""
        if self.report.can_be_read_whole_by(user):
            return self.told
        sources, contexts = self._public_sources(), self._public_contexts()
        return self.told | {"sources": sources, "contexts": contexts}

    def _public_sources(self):
        """Leave out what was, or is now, for curators only."""
        curators = Source.Visibility.CURATORS
        hidden = {row.url for row in self.report.sources.all() if row.visibility == curators}
        return [
            row for row in self.told["sources"] if row["visibility"] != curators and row["url"] not in hidden
        ]

    def _public_contexts(self):
        """Answer “not told” where the report does now; without a name, tell no more than it does now."""
        now = {facet: [row.slug for row in rows] for facet, rows in self.report.shown_contexts().items()}
        anonymous = self.report.identity == Experience.Identity.WITHHELD
        shown = {}
        for facet, slugs in self.told["contexts"].items():
            if now.get(facet) == [Context.WITHHELD]:
                slugs = [Context.WITHHELD]
            elif anonymous:
                slugs = [slug for slug in slugs if slug in now.get(facet, [])]
            if slugs:
                shown[facet] = slugs
        return {} if set(shown) == {"budget"} else shown
