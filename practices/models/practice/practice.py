"""The best practice: a working copy curators edit, and the frozen versions readers see."""

import re

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from config.folding import slug_of
from config.versioning import require_note
from experiences.models import redaction as withholding
from experiences.models.fields import Line, public_id
from experiences.models.report.parts import Parts
from experiences.models.tagging import replace_links
from practices import notifications
from practices.models import material, redaction, trial
from practices.models.claim import Claim
from practices.models.comment import write_comment
from practices.models.evidence import Evidence
from practices.models.old_address import OldAddress
from practices.models.practice import translation
from practices.models.practice.content import PracticeContent
from practices.models.practice.grade import GradedPractice
from practices.models.practice.moderation import ModeratedPractice
from practices.models.practice.queryset import PracticeQuerySet
from practices.models.practice.recipients import recipients, withheld_authors
from practices.models.practice.state import require_curator
from practices.models.practice.tagging import PracticeContext, PracticeStake
from practices.models.practice.translation import ONE_EACH
from practices.models.version import PracticeVersion

LONGEST_SLUG = 60  # Cut at a word: addresses are read aloud and typed.
RESERVED_SLUGS = {
    "clusters",
    "compare",
    "desk",
    "grading",
    "mine",
    "near",
    "new",
    "organisations",
    "use",
}  # Addresses of pages beside the practices.


def with_chance(slug):
    return f"{slug}-{public_id()[:6]}"


class Practice(GradedPractice, ModeratedPractice):
    """The working copy of a practice, its state, and the grade of what readers see."""

    WRITTEN = (*PracticeContent.WRITABLE, "stake_slugs", "context_slugs", "html", "review_due_on")

    slug = models.SlugField(max_length=80, unique=True, editable=False)
    # What readers find it by: the tags of the current version (of the working copy before the first).
    stakes = TaggableManager(_("stakes"), through=PracticeStake, related_name="practices_tagged", blank=True)
    contexts = TaggableManager(
        _("contexts it is meant for"), through=PracticeContext, related_name="practices_tagged", blank=True
    )
    heir = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="heir_of", editable=False
    )
    retired_reason = Line(_("why it was retired"), max_length=400, blank=True, editable=False)
    review_due_on = models.DateField(_("to be reviewed by"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    submission_key = Line(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PracticeQuerySet.as_manager()
    parts = None

    class Meta:
        verbose_name = _("best practice")
        verbose_name_plural = _("best practices")
        permissions = [("curate_practice", "Can distil, review and publish practices")]
        indexes = [models.Index(fields=["-grade", "-id"], name="practice_best_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "submission_key"],
                condition=~Q(submission_key=""),
                name="one_practice_per_submission_key",
                violation_error_message=_("This form has already been sent."),
            ),
            models.CheckConstraint(
                condition=~Q(status="retired") | Q(heir__isnull=False) | ~Q(retired_reason=""),
                name="a_retired_practice_names_its_heir_or_its_reason",
                violation_error_message=_("A practice is retired in favour of another, or for a reason."),
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                name="one_translation_per_language",
                violation_error_message=ONE_EACH,
            ),
            models.CheckConstraint(
                condition=Q(translation_of__isnull=True, follows_version__isnull=True)
                | Q(translation_of__isnull=False, follows_version__isnull=False),
                name="a_translation_follows_a_version_of_its_original",
                violation_error_message=_("A translation says which version of its original it follows."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(current__isnull=False),
                name="a_published_practice_has_a_version",
                violation_error_message=_("A published practice needs a version."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("practices:detail", args=[self.slug])

    @property
    def heir_shown(self):
        """Return the practice to read instead, unless a moderator took it down; else None."""
        return self.heir if self.heir_id and self.heir.is_shown else None

    # --- Rules ---------------------------------------------------------------------------------

    def clean(self):
        errors = self.parts.errors(limit_contexts=False) if self.parts else {}
        errors |= self.language_errors()
        if errors:
            raise ValidationError(errors)

    def missing(self):
        """Return {field: ValidationError} for all that a practice needs before its review."""
        lacking = {}
        if not self.summary.strip():
            lacking["summary"] = ValidationError(
                _("Write a summary of at most 600 characters."), code="required"
            )
        if not self.how.strip():
            lacking["how"] = ValidationError(_("Say how it is done."), code="required")
        if not self.stake_slugs:
            lacking["stakes"] = ValidationError(_("Choose at least one stake."), code="required")
        claims = self.standing_claims()
        if not claims:
            lacking["claims"] = ValidationError(_("Write at least one claim."), code="required")
        bare = [claim for claim in claims if not claim.opinion and not claim.standing()]
        if bare:
            lacking["claims"] = [
                ValidationError(
                    _("“%(claim)s” has no standing evidence: cite a report, or mark it as opinion."),
                    code="unsourced",
                    params={"claim": claim.text},
                )
                for claim in bare
            ]
        return lacking

    # --- Verbs: words --------------------------------------------------------------------------

    def write(self, *, by):
        """Store the words and tags that a form or the API set, for a new practice or an edit."""
        adding = self._state.adding
        allowed = by.has_perm("practices.curate_practice") if adding else self.can_be_edited_by(by)
        if not allowed:
            raise PermissionDenied
        if adding:
            # One that an import says it had elsewhere, else one of its title.
            self.slug = self._free(self.slug or self._slug_of_title())
        self.full_clean()
        self.html = self.render_texts()
        self._store_slugs()
        with transaction.atomic():
            if adding:
                self.created_by = by
                self._store_under(self.slug, lambda: self.save(force_insert=True))
                self.editors.add(by)
                self.add_log_line("created", by)
            else:
                self.touch(by=by, **{name: getattr(self, name) for name in self.WRITTEN})
            if self.current_id is None:
                self._replace_tags()
            self.regrade(cause="edited", by=by)
        return self

    def add_claim(self, *, by, kind, text, opinion=False):
        """Append a claim to the working copy; return it."""
        self.require_editable(by)
        claim = Claim(practice=self, kind=kind, text=text, opinion=opinion, position=self.claims().count())
        claim.full_clean()
        with transaction.atomic():
            self.touch(by=by)
            claim.save()
        return claim

    withhold_words = redaction.withhold_words
    preview_withholding, look_at_withheld = withholding.preview_withholding, withholding.look_at_withheld
    comment, try_out, trials_for = write_comment, trial.try_out, trial.trials_for
    recipients, withheld_authors = recipients, withheld_authors
    begin_from = classmethod(material.begin_from)
    gather, put_back, gathered = material.gather, material.put_back, material.gathered
    translate, follow = translation.translate, translation.follow

    # --- Verbs: states -------------------------------------------------------------------------

    def submit(self, *, by):
        """Send the working copy to a second curator."""
        require_curator(by)
        self.require_status(self.Status.DRAFT, self.Status.RETURNED)
        self.refuse_if_missing()
        with transaction.atomic():
            self.change_status(self.Status.IN_REVIEW, "submitted", by)
            notifications.notify_submission(self, by=by)
        return self

    def return_to_curators(self, *, by, note):
        """Send it back from review, with a sentence that says why."""
        require_curator(by)
        self.require_status(self.Status.IN_REVIEW)
        require_note(note, needed=_("Say in a sentence what to change."))
        with transaction.atomic():
            self.change_status(self.Status.RETURNED, "returned", by, note=note)
            notifications.notify_return(self, note, by=by)
        return self

    def publish(self, *, by):
        """Freeze the working copy as the next version, as a curator who did not edit it."""
        if not self.can_be_published_by(by):
            raise PermissionDenied(
                _(
                    "Two people are needed: "
                    "whoever edited a practice since its last version cannot publish it."
                )
            )
        self.require_status(self.Status.IN_REVIEW)
        self.refuse_if_missing()
        with transaction.atomic():
            self.lock_unchanged()
            if self.current_id is None:
                self._move_to_title()
            cited_before = self.current_id
            version = PracticeVersion.objects.freeze(self, by=by)
            # A second curator has read it anew: what an earlier review lowered is computed again.
            self.change_status(
                self.Status.PUBLISHED, "published", by, note=str(version.number), current=version,
                lowered_reason="",
            )  # fmt: skip
            if self.is_shown:
                notifications.notify_publication(self, by=by)
                notifications.notify_citations(self, Evidence.objects.new_in(version, cited_before), by=by)
            else:
                self.await_reading(by)  # What a moderator took down stays so until one has read it.
            self.editors.clear()
            self._replace_tags()
            self.recompute_grade(cause="published", by=by)
            self.index_again()
        return self

    def reopen(self, *, by):
        """Begin a revision; readers keep the current version meanwhile."""
        require_curator(by)
        self.require_status(self.Status.PUBLISHED)
        with transaction.atomic():
            self.change_status(self.Status.DRAFT, "reopened", by)
        return self

    def retire(self, *, by, heir=None, note=""):
        """Take it out of use, for another practice or for a reason.

        Its address stays.
        """
        require_curator(by)
        self.require_status(self.Status.PUBLISHED)
        if heir is None and not note.strip():
            raise ValidationError(
                _("A practice is retired in favour of another, or for a reason."), code="required"
            )
        self.check_line("retired_reason", note, "note")
        with transaction.atomic():
            self.lock_family()
            if heir is not None:
                self._refuse_heir(heir)
            self.change_status(self.Status.RETIRED, "retired", by, note=note, heir=heir, retired_reason=note)
            self.index_again()
        return self

    # --- How verbs work ------------------------------------------------------------------------

    def _refuse_heir(self, heir):
        """Refuse an heir nobody can read; both rows are locked, so that no two become heirs of each other."""
        both = Practice.objects.select_for_update().filter(pk__in=[self.pk, heir.pk])
        heir = {row.pk: row for row in both.order_by("pk")}[heir.pk]
        if heir == self or not heir.is_open_to_readers:
            raise ValidationError({"heir": _("Choose another practice that is published.")})

    def _slug_of_title(self):
        return slug_of(self.title, LONGEST_SLUG) or "practice"

    def _free(self, slug):
        """Return `slug`, or one that begins with it if another practice has or had it."""
        taken = Practice.objects.filter(slug=slug).exists() or OldAddress.objects.filter(slug=slug).exists()
        return with_chance(slug) if taken or slug in RESERVED_SLUGS else slug

    def _store_under(self, slug, store):
        """Call `store()` with `slug`; if another practice took it a moment ago, with one that begins so."""
        self.slug = slug
        try:
            with transaction.atomic():
                store()
        except IntegrityError:
            if not Practice.objects.filter(slug=slug).exclude(pk=self.pk).exists():
                raise
            self.slug = with_chance(slug)
            store()

    def _move_to_title(self):
        """Give it the address of its title, if its own is of another; the old one leads there."""
        base, old = self._slug_of_title(), self.slug
        if old == base or re.fullmatch(rf"{base}-[a-z0-9]{{6}}", old):
            return
        self.old_addresses.create(slug=old)
        self._store_under(
            self._free(base), lambda: Practice.objects.filter(pk=self.pk).update(slug=self.slug)
        )

    def _store_slugs(self):
        """Store the slugs of the stakes and contexts that a form or the API set in `parts`."""
        parts = self.parts or Parts()
        if parts.stakes is not None:
            self.stake_slugs = [stake.slug for stake in parts.stakes]
        if parts.contexts is not None:
            self.context_slugs = [[context.facet.slug, context.slug] for context in parts.contexts]
        self.parts = None

    def _replace_tags(self):
        """Tag the practice, as readers find it, with the stakes and contexts of its working copy."""
        for links, tags in (
            (self.stake_links, self.stakes_said()),
            (self.context_links, self.contexts_said()),
        ):
            replace_links(links, tags)
        self._prefetched_objects_cache = {}

    def quotable_text(self):
        """Return all that readers see of its words."""
        return "\n".join(self.search_texts())

    def search_texts(self):
        """Return (title, weighty, rest) of what readers see, beside what its stakes say."""
        words = self.words
        claims = "\n".join(claim.text for claim in words.claims.all()) if self.current else ""
        rest = [words.why, words.how, words.applies_when, words.avoid_when, words.pitfalls]
        return words.title, f"{words.summary}\n{claims}", "\n".join(rest)

    def profiled(self):
        """Return (place in lists, language, stakes) as its word profile has them."""
        return self.current_id, self.words.language, self.stakes.all()
