"""What a reviewer decides of a report beside its state: the stakes that readers find it by."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.report.content import NEEDS
from experiences.models.report.parts import Parts
from experiences.models.tagging import replace_links
from experiences.models.vocabulary import Stake


class Reviewed(models.Model):
    """The half of `Experience` that reviewers decide.

    The tags are always the stakes in effect, which lists, search and practices read. Where a reviewer
    set others than the author, the author's own choice stands beside them.
    """

    # Slugs; empty while the stakes in effect are the author's own.
    author_stakes = models.JSONField(_("stakes as the author chose them"), default=list, editable=False)

    class Meta:
        abstract = True

    def set_stakes(self, *, by, stakes):
        """Set the stakes in effect, as a reviewer; what the author chose is kept."""
        if not self.can_be_reviewed_by(by):
            raise PermissionDenied
        self._require(self.Status.SUBMITTED, self.Status.PUBLISHED)
        errors = Parts(stakes=stakes).errors()
        if not stakes:
            errors["stakes"] = ValidationError(NEEDS["stakes"], code="required")
        if errors:
            raise ValidationError(errors)
        before = list(self.stakes.all())
        if set(stakes) == set(before):
            return self
        own = self.author_stakes or slugs(before)
        with transaction.atomic():
            self.compare_and_swap(
                author_stakes=[] if own == slugs(stakes) else own,
                changed_at=self._public_instant(timezone.now()),
            )
            replace_links(self.stake_links, stakes)
            self._prefetched_objects_cache = {}
            self._log("stakes-set", by, note=f"{self._named(before)} → {self._named(stakes)}")
            if self.status == self.Status.PUBLISHED:
                self.revisions.keep(self, "edited")
                self._after_public_change("edited")
        return self

    def chosen_by_author(self):
        """Return the stakes the author chose, where a reviewer set others; else nothing."""
        return list(Stake.objects.filter(slug__in=self.author_stakes)) if self.author_stakes else []

    def settle_author_stakes(self):
        """Let another choice of the author, in hand, take effect again; the same keeps what was reviewed."""
        if self.author_stakes and self.parts and self.parts.stakes is not None:
            in_effect = self.stake_links.values_list("tag__slug", flat=True)
            if slugs(self.parts.stakes) != sorted(in_effect):
                self.author_stakes = []

    def _named(self, stakes):
        """Name stakes in the language of the report, as the other words of its history."""
        return ", ".join(sorted(getattr(stake, f"name_{self.language}") for stake in stakes))


def slugs(stakes):
    return sorted(stake.slug for stake in stakes)
