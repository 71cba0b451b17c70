"""Redaction: words of a report that a moderator takes out, everywhere at once, and that are kept apart for
a while.

`[withheld]` stands where they stood.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import OutgoingMail
from config.folding import Folded, fold
from config.text import validate_storable
from config.versioning import note_errors
from experiences import notifications
from experiences.models.departures import Departure
from experiences.models.fields import Line, Prose
from experiences.models.first_signs import FirstSigns
from experiences.models.flags import require_moderator
from experiences.models.report.parts import keyword_tags, too_many
from experiences.models.tagging import drop_unused, replace_links
from experiences.text import markdown

MOST_PASSAGES, LONGEST_PASSAGE = 50, 500
SHORTEST_PASSAGE = 2  # letters or digits: one alone would hollow a text out
MASK = "[withheld]"
# Where a link leads that held such words: another address on its site might be someone else's.
NOWHERE = "https://withheld.invalid/"  # RFC 2606: it never resolves
# Keys of a telling (see ReportContent.snapshot) whose values are terms and months, not words.
TERMS = {
    "language", "started_on", "ended_on", "verdict", "follow_up_on", "identity", "effort", "stakes",
    "contexts",
    "effect", "direction", "visibility", "before_on", "after_on", "nature", "unwanted_seen",
    "unwanted_borne_by", "unwanted_weight",
}  # fmt: skip
# White space and hyphens, and the marks of Markdown around one of the words: emphasis, or a link.
BETWEEN = r"(?:[\s*`~_-]|\]\([^\s()]{0,500}\)|[\[\]])+"
WITHIN = "[*`~]{0,3}"  # Emphasis on some letters of a word.


class RedactionQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(original__isnull=False)

    def forget_old(self):
        """Erase the originals that were kept long enough; that words were withheld stays known."""
        kept = timedelta(days=settings.WITHHELD_WORDS_KEPT_DAYS)
        self.kept().filter(at__lt=timezone.now() - kept).update(original=None)


class KeptWords(models.Model):
    """Who withheld words of something, when and why; and what they were, until that is erased."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = Prose(_("note"), max_length=2000)
    # {"passages": […], "texts": [[model, column, text before], …]}; None once it is erased.
    original = models.JSONField(null=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self):
        return str(self.at.date())


class Redaction(KeptWords):
    """Words withheld in a report."""

    report = models.ForeignKey("experiences.Experience", on_delete=models.CASCADE, related_name="redactions")

    class Meta(KeptWords.Meta):
        verbose_name = _("withholding of words")
        verbose_name_plural = _("withholdings of words")


# --- Verbs of a report -----------------------------------------------------------------------------


def withhold_words(report, *, by, words, note):
    """Put `[withheld]` where `words` (a passage a line) stand in the report, in all it said before, and
    around it.

    Return the Redaction, which keeps what they were for moderators alone. Practices that quote
    the report are graded again: an excerpt without the words still stands.
    """
    require_moderator(by)
    report.require_status(report.Status.PUBLISHED, report.Status.HIDDEN)
    passages = judge_passages(words, note)
    masking = Masking(*passages, whole=True)
    with transaction.atomic():
        changes = [*_mask_columns(report, masking), *_mask_keywords(report, masking)]
        report.evidence.hold()
        for rows in report.rows_about():
            # What was withheld before is kept as it was: it is the original.
            changes += mask_rows(rows, masking) if rows.model is not Redaction else []
        for rows in report.evidence.notes_around():
            changes += mask_rows(rows, masking, ("about", "text", "note"))
        if not changes:
            raise ValidationError({"words": _("None of these words stands in the report.")})
        report._prefetched_objects_cache = {}
        report.evidence.drop_torn(report)
        note = masking.text(note)
        redaction = report.redactions.create(by=by, note=note, original=original(passages, changes))
        report.revisions.keep(report, "withheld")
        report.add_log_line("withheld", by, note=note)
        report.after_public_change("withheld")
        mask_mails(masking, [report, *report.evidence.practices_around()], report.author)
        notifications.notify_redaction(report, note)
    return redaction


# --- The same for whatever words are withheld in: it has `withhold_words` and `redactions` ------------


def preview_withholding(thing, *, by, words, note):
    """Return the redaction that withhold_words() would make: it is done and undone, and `thing` is not to
    be used any more.
    """
    with transaction.atomic():
        redaction = thing.withhold_words(by=by, words=words, note=note)
        transaction.set_rollback(True)
    return redaction


def look_at_withheld(thing, *, by):
    """Return the redactions whose words are still kept, as a moderator; the log says that they looked."""
    require_moderator(by)
    kept = list(thing.redactions.kept().select_related("by"))
    if not kept:
        raise ValidationError(_("What was withheld here is not kept any more."), code="state")
    thing.add_log_line("looked", by)
    return kept


def judge_passages(words, note):
    """Return the passages that `words` hold, one on each line; refuse what cannot be withheld so."""
    passages = list(dict.fromkeys(filter(None, map(str.strip, words.splitlines()))))
    errors = note_errors(note, needed=_("Say in a sentence why these words are withheld."))
    refusal = passages_error(passages)
    if refusal:
        errors["words"] = refusal
    if errors:
        raise ValidationError(errors)
    return passages


# --- How a report is masked ---------------------------------------------------------------------------


def _mask_columns(report, masking):
    changes = list(masking.changes(report, ("title", *report.TEXTS, "first_signs", "source_id")))
    columns = {change.column: change.after for change in changes}
    if "source_id" in columns:
        columns["source_id"] = ""  # Exports give it, and two that are masked alike would clash.
        Departure.objects.note(report.source_id)
    # What the author typed and has not published is theirs: moderators are not shown it.
    columns["unsaved"] = masking.value(report.unsaved, [])
    html = {name: markdown.render(columns.get(name, getattr(report, name))) for name in report.TEXTS}
    report.compare_and_swap(html=html, changed_at=report.publicly_known_at(timezone.now()), **columns)
    return changes


def _mask_keywords(report, masking):
    held = list(report.keywords.all())
    texts = [(tag.name, masking.text(tag.name)) for tag in held if masking.hits(tag.name)]
    if not texts:
        return []
    after = [masking.text(tag.name) for tag in held]
    replace_links(report.keyword_links, keyword_tags(after))
    drop_unused([tag.pk for tag in held])
    return [Change(report, "keywords", after, texts)]


def passages_error(passages):
    """Return the ValidationError for passages that are missing, too many, too short, too long or
    unstorable.
    """
    if not passages:
        return ValidationError(_("Write the words to withhold, a passage on each line."), code="required")
    if len(passages) > MOST_PASSAGES:
        return too_many(MOST_PASSAGES)
    for passage in passages:
        if sum(map(str.isalnum, passage)) < SHORTEST_PASSAGE or len(passage) > LONGEST_PASSAGE:
            told = _("A passage has at least two letters or digits, and at most %(most)s characters.")
            return ValidationError(told, code="length", params={"most": LONGEST_PASSAGE})
        try:
            validate_storable(passage)
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


# --- How words are taken out -------------------------------------------------------------------------


@dataclass
class Change:
    """What one column of a row said and will say; `texts` are the (before, after) inside it."""

    row: models.Model
    column: str
    after: object
    texts: list


class Masking:
    """Takes passages out of texts, however they are written there (see config/folding.py).

    `whole`: only where they stand as whole words.
    """

    def __init__(self, *passages, whole=False):
        longest_first = sorted(passages, key=len, reverse=True)
        either = "|".join(pattern(one, whole) for one in longest_first)
        # What is withheld already is passed over: nobody can withhold the word “withheld”.
        self.pattern = re.compile(f"{re.escape(MASK)}|(?P<passage>{either})", re.IGNORECASE)

    def hits(self, text):
        """Return [(start, end)] of the passages in `text`."""
        found = Folded(text, markdown=True).find_all(self.pattern)
        return [(start, end) for match, start, end in found if match["passage"]]

    def text(self, text):
        pieces, at = [], 0
        for start, end in self.hits(text):
            if end > at:  # One character may fold to two words: ¼ is 1/4.
                pieces += [text[at:start], MASK]
                at = end
        return "".join([*pieces, text[at:]])

    def link(self, url):
        return NOWHERE if self.hits(unquote(url)) or self.hits(url) else url

    def value(self, value, texts, key=""):
        """Return `value`, a text or what JSON holds, without the passages; add to `texts` what changed."""
        if key in TERMS:
            return value
        if isinstance(value, dict):
            return {name: self.value(one, texts, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.value(one, texts, key) for one in value]
        if not isinstance(value, str):
            return value
        after = self.link(value) if key == "url" else self.text(value)
        if after != value:
            texts.append((value, after))
        return after

    def changes(self, row, names=None):
        """Yield a Change for each column of `row` (of `names`) that people write and that holds a passage."""
        for column in row._meta.concrete_fields:
            if not is_written(column) or names and column.name not in names:
                continue
            texts = []
            key = "url" if isinstance(column, models.URLField) else ""
            after = self.value(getattr(row, column.attname), texts, key)
            if texts:
                yield Change(row, column.name, fitting(column, after), texts)


def is_written(column):
    words = isinstance(column, Line | models.TextField | models.URLField | models.JSONField)
    return words and not column.choices


def fitting(column, value):
    """Return `value` no longer than `column` takes; the mask may be longer than the words."""
    if isinstance(column, FirstSigns):
        return column.cut(value)
    return value[: column.max_length] if isinstance(value, str) else value


def pattern(passage, whole):
    """Return the regular expression that finds `passage`."""
    passage = fold(passage).strip()
    if not whole:
        return re.escape(passage)
    words = (WITHIN.join(map(re.escape, word)) for word in re.split(r"[\s-]+", passage) if word)
    found = BETWEEN.join(words)
    # An underscore is a mark of Markdown here, not a letter.
    before = r"(?<![^\W_])" if passage[0].isalnum() else ""
    after = r"(?![^\W_])" if passage[-1].isalnum() else ""
    return before + found + after


def mask_mails(masking, rows, author=None):
    """Withhold the passages of `masking` in the mails about `rows` that wait to be sent: those that lead to
    one of them, and all notices to its `author`, which do not say of what where a name is withheld.
    """
    about = Q()
    for row in rows:
        about |= Q(body__contains=row.get_absolute_url())
    if author is not None:
        about |= Q(recipient=author.email, is_notice=True)
    for letter in OutgoingMail.objects.unsent().filter(about).iterator(chunk_size=500):
        letter.reword(masking.text)


def mask_rows(rows, masking, names=None):
    """Withhold the passages of `masking` in all that people wrote in `rows` (in the columns `names`); return
    the Changes.
    """
    made = []
    for row in rows:
        changes = list(masking.changes(row, names))
        for change in changes:
            setattr(row, change.column, change.after)
        if changes:
            row.save(update_fields=[change.column for change in changes])
        made += changes
    return made
