"""The reports a practice is distilled from: gathered to be read side by side, before any is cited."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from experiences.models import Experience
from practices.models.evidence import Evidence

MOST_GATHERED = 30  # More cannot be read side by side.


class Material(models.Model):
    """A report beside the working copy of a practice. It says nothing yet: evidence does."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="material")
    # CASCADE: it quotes nothing, so it goes with the report.
    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="material")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("material")
        verbose_name_plural = _("material")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "report"], name="a_report_is_material_of_a_practice_once"
            )
        ]

    def __str__(self):
        return str(self.report)


# --- Verbs: Practice binds them as methods ---------------------------------------------------------


def begin_from(cls, reports, *, by, parts, title, language, submission_key=""):
    """Begin a draft with `reports` as its material, in one transaction; return it.

    Raises PermissionDenied unless `by` curates, ValidationError as write() and gather() do.
    """
    practice = cls(title=title, language=language, submission_key=submission_key)
    practice.parts = parts
    with transaction.atomic():
        practice.write(by=by)
        practice.gather(reports, by=by)
    return practice


def gather(practice, reports, *, by):
    """Put published reports beside the working copy; those already there stay once."""
    practice.require_editable(by)
    if any(report.status != Experience.Status.PUBLISHED for report in reports):
        raise ValidationError(_("Only a published report can be gathered."), code="state")
    with transaction.atomic():
        # Nothing of what readers will see changes, so the version stays and nobody's form turns stale.
        Material.objects.bulk_create(
            [Material(practice=practice, report=report, added_by=by) for report in reports],
            ignore_conflicts=True,
        )
        if practice.material.count() > MOST_GATHERED:
            raise ValidationError(
                ngettext_lazy(
                    "A practice gathers at most %(most)s report: put one back first.",
                    "A practice gathers at most %(most)s reports: put some back first.",
                    MOST_GATHERED,
                ),
                code="max_length",
                params={"most": MOST_GATHERED},
            )
    return practice


def put_back(practice, report, *, by):
    """Take a report from the material; what it is cited for stays."""
    practice.require_editable(by)
    practice.material.filter(report=report).delete()


def gathered(practice):
    """Return the reports to read side by side: the material, and whatever the working copy cites."""
    cited = Evidence.objects.filter(claim__practice=practice, claim__version=None)
    gathered = models.Q(pk__in=practice.material.values("report"))
    return Experience.objects.filter(gathered | models.Q(pk__in=cited.values("report")))
