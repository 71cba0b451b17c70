"""Words that a moderator takes out of a practice: out of all that curators wrote in it, and in every version,
and out of the lines of its trials.

An excerpt is the words of a report, and is withheld there. A version keeps its number and its address;
`[withheld]` stands where the words stood.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from experiences.models import Flag
from experiences.models.flags import require_moderator
from experiences.models.redaction import KeptWords, Masking, judge_passages, mask_mails, mask_rows, original
from experiences.notifications import notify_writers
from experiences.notifications.wordings import line_redacted
from practices import notifications
from practices.models.claim import Claim
from practices.models.evidence import Evidence
from practices.models.log import LogLine
from practices.models.practice.content import PracticeContent
from practices.models.practice.recipients import curators_of

WORDS = ("title", "summary", *PracticeContent.TEXTS)
SENTENCES = ("retired_reason", "lowered_reason", "decision_note")


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
    require_moderator(by)
    passages = judge_passages(words, note)
    masking = Masking(*passages, whole=True)
    with transaction.atomic():
        practice.lock_unchanged()
        lines = mask_rows(practice.trials.all(), masking, ("line",))
        changes = [*_mask_content(practice, masking), *_mask_around(practice, masking), *lines]
        if not changes:
            raise ValidationError({"words": _("None of these words stands in the practice.")})
        practice.compare_and_swap(html=practice.html)
        note = masking.text(note)
        redaction = practice.redactions.create(by=by, note=note, original=original(passages, changes))
        practice.add_log_line("withheld", by, note=note)
        practice.index_again()
        mask_mails(masking, [practice])
        notifications.notify_redaction(practice, curators_of(practice), note, by=by)
        notify_writers([line.row.by for line in lines], line_redacted)
    return redaction


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
        *mask_rows(Claim.everything.filter(practice=practice), masking, ("text", "removal_note")),
        *mask_rows(evidence, masking, ("note", "followed_reason")),
        *mask_rows(practice.comments.all(), masking, ("about", "text")),
        *mask_rows(practice.log.filter(verb__in=LogLine.WITH_WORDS), masking, ("note",)),
        *mask_rows(Flag.objects.of(practice), masking, ("note",)),
        *mask_rows(Flag.objects.about(practice.trials.all()), masking, ("note",)),
        *mask_rows(practice.trials.all(), masking, ("decision_note",)),
        *mask_rows(practice.redactions.all(), masking, ("note",)),
    ]
