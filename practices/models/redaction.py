"""Words that a moderator takes out of a practice: out of all that curators wrote in it, and in every version.

An excerpt is the words of a report, and is withheld there. What members tell of their trials has alarms of
its own. A version keeps its number and its address; `[withheld]` stands where the words stood.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from config.versioning import note_errors
from experiences.models import Flag
from experiences.models.redaction import KeptWords, Masking, mask_rows, original, passages_error, passages_of
from practices import notifications
from practices.models.claim import Claim
from practices.models.content import PracticeContent
from practices.models.evidence import Evidence
from practices.models.log import LogLine
from practices.models.recipients import curators_of
from practices.models.retagging import PRACTICES

WORDS = ("title", "summary", *PracticeContent.TEXTS)
SENTENCES = ("retired_reason", "lowered_reason")


class PracticeRedaction(KeptWords):
    """Who withheld words of a practice, when and why; and what they were, until that is erased."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="redactions")

    class Meta(KeptWords.Meta):
        verbose_name = _("withholding of words in a practice")
        verbose_name_plural = _("withholdings of words in practices")


# --- Practice binds these as methods ---------------------------------------------------------------


def withhold_words(practice, *, by, words, note):
    """Put `[withheld]` where `words` (a passage a line) stand in the practice and its versions.

    Return the PracticeRedaction, which keeps what they were for moderators alone.
    """
    passages = _refuse_to_withhold(practice, by, words, note)
    masking = Masking(*passages, whole=True)
    with transaction.atomic():
        practice.lock_unchanged()
        changes = [*_mask_content(practice, masking), *_mask_around(practice, masking)]
        if not changes:
            raise ValidationError({"words": _("None of these words stands in the practice.")})
        practice.compare_and_swap(html=practice.html)
        note = masking.text(note)
        redaction = practice.redactions.create(by=by, note=note, original=original(passages, changes))
        practice.add_log_line("withheld", by, note=note)
        _renew(practice)
        notifications.notify_redaction(practice, curators_of(practice), note, by=by)
    return redaction


def preview_withholding(practice, *, by, words, note):
    """Return what withhold_words() would return: it is done and undone; `practice` is not to be used any
    more.
    """
    with transaction.atomic():
        redaction = withhold_words(practice, by=by, words=words, note=note)
        transaction.set_rollback(True)
    return redaction


def look_at_withheld(practice, *, by):
    """Return the redactions whose words are still kept, as a moderator; the log says that they looked."""
    require_moderator(by)
    kept = list(practice.redactions.kept().select_related("by"))
    if not kept:
        raise ValidationError(_("What was withheld here is not kept any more."), code="state")
    practice.add_log_line("looked", by)
    return kept


def require_moderator(user):
    if not user.has_perm("experiences.moderate_experience"):
        raise PermissionDenied


def _refuse_to_withhold(practice, by, words, note):
    """Return the passages of `words`, unless `by` may not withhold them or something is missing."""
    require_moderator(by)
    passages = passages_of(words)
    errors = note_errors(note, needed=_("Say in a sentence why these words are withheld."))
    refusal = passages_error(passages)
    if refusal:
        errors["words"] = refusal
    if errors:
        raise ValidationError(errors)
    return passages


def _mask_content(practice, masking):
    """Withhold them in the working copy and in each version; what is rendered is rendered again."""
    changes = []
    for row in (practice, *practice.versions.all()):
        columns = (*WORDS, *SENTENCES) if row is practice else WORDS
        made = mask_rows([row], masking, columns)
        if made:
            row.html = row.render_texts()
            row.save(update_fields=["html"])
        changes += made
    return changes


def _mask_around(practice, masking):
    """Withhold them in claims, in what curators noted beside evidence and in comments, and in the log."""
    evidence = Evidence.objects.filter(claim__practice=practice)
    return [
        *mask_rows(Claim.objects.filter(practice=practice), masking, ("text",)),
        *mask_rows(evidence, masking, ("note", "followed_reason")),
        *mask_rows(practice.comments.all(), masking, ("about", "text")),
        *mask_rows(practice.log.filter(verb__in=LogLine.WITH_WORDS), masking, ("note",)),
        *mask_rows(Flag.objects.of(practice), masking, ("note",)),
        *mask_rows(practice.redactions.all(), masking, ("note",)),
    ]


def _renew(practice):
    """Renew what is derived from the words that readers see."""
    practice._prefetched_objects_cache = {}
    if practice.current_id:
        practice.current = practice.versions.get(pk=practice.current_id)
    if practice.is_open_to_readers:
        PRACTICES.put(practice)
