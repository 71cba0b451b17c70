"""The frozen words that readers see."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practices import version_diff
from practices.models.evidence import Evidence
from practices.models.practice.content import Grade, PracticeContent


class PracticeVersionQuerySet(models.QuerySet):
    def for_detail(self):
        return self.select_related("follows_version").prefetch_related(
            "claims__evidence__report__author", "claims__evidence__report__contexts__facet"
        )

    def for_list(self):
        """Return the newest first, without their texts: a list says what changed, not what they say."""
        return self.defer(*PracticeVersion.TEXTS, "summary", "html").order_by("-number")

    def freeze(self, practice, *, by):
        """Write the working copy of `practice` as its next version, with its claims and evidence."""
        number = (practice.current.number if practice.current else 0) + 1
        before = practice.current and version_diff.frozen(practice.current)
        working = version_diff.working(practice)
        copied = (*practice.WRITABLE, "stake_slugs", "context_slugs", "follows_version")
        version = self.create(
            practice=practice, number=number, published_by=by, html=practice.html, grade=working.grade,
            changes=version_diff.count_changes(before, working),
            **{name: getattr(practice, name) for name in copied},
        )  # fmt: skip
        for claim in practice.claims():
            copy = claim.copied_to(practice, version=version, position=claim.position)
            rows = [row.copied_to(copy, cited_by=row.cited_by) for row in claim.evidence.all()]
            Evidence.objects.bulk_create(rows)
        return version


class PracticeVersion(PracticeContent):
    """The frozen words that readers see, with their own permanent address."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    grade = models.PositiveSmallIntegerField(choices=Grade.choices)
    # Derived by version_diff.count_changes(): what differs from the version before; {} for the first.
    changes = models.JSONField(default=dict, editable=False)

    objects = PracticeVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_version_per_number_and_practice")
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"

    def get_absolute_url(self):
        return reverse("practices:version", args=[self.practice.slug, self.number])

    @property
    def what_changed(self):
        """Say as sentences how it differs from the version before."""
        return version_diff.sentences(self.changes)
