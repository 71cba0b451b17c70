"""Words of a report that a moderator withholds: everywhere at once, and kept apart for a while."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences import notifications
from experiences.models.fields import Prose, storable
from experiences.models.masking import Change, Masking, mask
from experiences.models.report.parts import keyword_tags, too_many
from experiences.models.tagging import drop_unused, replace_links
from experiences.models.versioning import note_errors
from experiences.text import markdown

MOST_PASSAGES, LONGEST_PASSAGE = 50, 500
SHORTEST_PASSAGE = 2  # letters or digits: one alone would hollow a text out


class RedactionQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(original__isnull=False)

    def forget_old(self):
        """Erase the originals that were kept long enough; that words were withheld stays known."""
        kept = timedelta(days=settings.WITHHELD_WORDS_KEPT_DAYS)
        self.kept().filter(at__lt=timezone.now() - kept).update(original=None)


class Redaction(models.Model):
    """Who withheld words of a report, when and why; and what they were, until that is erased."""

    report = models.ForeignKey("experiences.Experience", on_delete=models.CASCADE, related_name="redactions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = Prose(_("note"), max_length=2000)
    # {"passages": […], "texts": [[model, column, text before], …]}; None once it is erased.
    original = models.JSONField(null=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("withholding of words")
        verbose_name_plural = _("withholdings of words")

    def __str__(self):
        return str(self.at.date())


class Withholding(models.Model):
    """How a moderator takes words out of a report, and looks at them again."""

    class Meta:
        abstract = True

    def withhold_words(self, *, by, words, note):
        """Put `[withheld]` where `words` (a passage a line) stand in the report, in all it said before, and around it.

        Return the Redaction, which keeps what they were for moderators alone. Practices that quote
        the report are graded again: an excerpt without the words still stands.
        """
        passages = self._refuse_to_withhold(by, words, note)
        masking = Masking(*passages, whole=True)
        with transaction.atomic():
            changes = [*self._mask_columns(masking), *self._mask_keywords(masking)]
            self.evidence.hold()
            for rows in self._rows_about():
                # What was withheld before is kept as it was: it is the original.
                changes += mask(rows, masking) if rows.model is not Redaction else []
            if not changes:
                raise ValidationError({"words": _("None of these words stands in the report.")})
            self._prefetched_objects_cache = {}
            self.evidence.drop_torn(self)
            note = masking.text(note)
            redaction = self.redactions.create(by=by, note=note, original=original(passages, changes))
            self.revisions.keep(self, "withheld")
            self._log("withheld", by, note=note)
            self._after_public_change("withheld")
            notifications.words_withheld(self, note)
        return redaction

    def look_at_withheld(self, *, by):
        """Return the Redactions whose words are still kept, as a moderator; the log says that they looked."""
        if not by.has_perm("experiences.moderate_experience"):
            raise PermissionDenied
        kept = list(self.redactions.kept())
        if not kept:
            raise ValidationError(_("What was withheld here is not kept any more."), code="state")
        self._log("looked", by)
        return kept

    def _refuse_to_withhold(self, by, words, note):
        """Return the passages of `words`, unless `by` may not withhold them or something is missing."""
        if not by.has_perm("experiences.moderate_experience"):
            raise PermissionDenied
        self._require(self.Status.PUBLISHED, self.Status.HIDDEN)
        passages = list(dict.fromkeys(filter(None, map(str.strip, words.splitlines()))))
        errors = note_errors(note, needed=_("Say in a sentence why these words are withheld."))
        refusal = passages_error(passages)
        if refusal:
            errors["words"] = refusal
        if errors:
            raise ValidationError(errors)
        return passages

    def _mask_columns(self, masking):
        changes = list(masking.changes(self, ("title", *self.TEXTS, "source_id")))
        columns = {change.column: change.after for change in changes}
        if "source_id" in columns:
            columns["source_id"] = ""  # Exports give it, and two that are masked alike would clash.
        # What the author typed and has not published is theirs: moderators are not shown it.
        columns["unsaved"] = masking.value(self.unsaved, [])
        html = {name: markdown.render(columns.get(name, getattr(self, name))) for name in self.TEXTS}
        self.compare_and_swap(html=html, changed_at=self._public_instant(timezone.now()), **columns)
        return changes

    def _mask_keywords(self, masking):
        held = list(self.keywords.all())
        texts = [(tag.name, masking.text(tag.name)) for tag in held if masking.hits(tag.name)]
        if not texts:
            return []
        after = [masking.text(tag.name) for tag in held]
        replace_links(self.keyword_links, keyword_tags(after))
        drop_unused([tag.pk for tag in held])
        return [Change(self, "keywords", after, texts)]


def passages_error(passages):
    """Return the ValidationError for passages that are missing, too many, too short, too long or unstorable."""
    if not passages:
        return ValidationError(_("Write the words to withhold, a passage on each line."), code="required")
    if len(passages) > MOST_PASSAGES:
        return too_many(MOST_PASSAGES)
    for passage in passages:
        if sum(map(str.isalnum, passage)) < SHORTEST_PASSAGE or len(passage) > LONGEST_PASSAGE:
            told = _("A passage has at least two letters or digits, and at most %(most)s characters.")
            return ValidationError(told, code="length", params={"most": LONGEST_PASSAGE})
        try:
            storable(passage)
        except ValidationError as error:
            return error
    return None


def original(passages, changes):
    """Return what a Redaction keeps of `changes`: each text once, where it first stood."""
    texts = {}
    for change in changes:
        for before, _after in change.texts:
            texts.setdefault(before, [change.row._meta.label, change.column, before])
    return {"passages": passages, "texts": list(texts.values())}
