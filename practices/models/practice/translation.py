"""A practice in both languages: a translation is a practice of its own.

It follows a version of its original, and has its own address, versions, trials and grade. Its claims
bear the `lasting_id` of those they translate; its evidence is the same, in the reports' own words.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from experiences.models import Experience
from practices.models.evidence import Evidence
from practices.models.practice.state import PracticeState, require_curator

ONE_EACH = _("This practice is already written in this language: choose another.")


class TranslatedPractice(PracticeState):
    """A practice with its tie to those that say the same in another language."""

    translation_of = models.ForeignKey(
        "practices.Practice",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
        editable=False,
    )

    class Meta:
        abstract = True

    def language_errors(self):
        """Return {"language": ValidationError} when another of the family is written in this language."""
        if self.translation_of_id is None and self.pk is None:
            return {}
        taken = self.family().exclude(pk=self.pk).filter(language=self.language).exists()
        return {"language": ValidationError(ONE_EACH, code="unique")} if taken else {}

    def family(self):
        """Return it with those that say the same in another language, readable or not."""
        original = self.translation_of_id or self.pk
        return type(self).objects.filter(Q(pk=original) | Q(translation_of=original))

    def lock_family(self):
        """Make others wait for this transaction to end, in one order everywhere: each practice of a family is
        listed with what can be read of the others.
        """
        list(self.family().select_for_update(of=("self",)).order_by("pk").values("pk"))

    def lock_unchanged(self):
        self.lock_family()
        super().lock_unchanged()

    @property
    def in_other_languages(self):
        """Return the original or the translations of this practice, those that can be read."""
        others = [self.translation_of] if self.translation_of_id else self.translations.all()
        return [one for one in others if one.is_open_to_readers]

    @property
    def original_shown(self):
        """Return the original that this translates, unless a moderator took it down; else None."""
        return self.translation_of if self.translation_of_id and self.translation_of.is_shown else None

    @property
    def untranslated(self):
        """Return [(code, name)] of the languages into which a translation may be begun."""
        if self.translation_of_id or not self.is_open_to_readers:
            return []
        taken = {self.language, self.current.language, *(one.language for one in self.translations.all())}
        return [choice for choice in Experience.Language.choices if choice[0] not in taken]

    @property
    def is_behind(self):
        """Whether the original was published again since the version that this translation follows."""
        return bool(self.translation_of_id) and (
            self.words.follows_version_id != self.translation_of.current_id
        )


# --- Verbs: Practice binds them as methods ---------------------------------------------------------


def translate(original, *, by, title, language=""):
    """Begin a translation of what readers see, to be put in other words; return it.

    It starts with the words, claims and standing evidence of the original.
    """
    require_curator(by)
    if not original.is_open_to_readers or original.translation_of_id:
        raise ValidationError(
            _("Only a published practice that is not a translation itself can be translated."),
            code="state",
        )
    language = language or next((code for code, _name in original.untranslated), original.current.language)
    source = original.current
    texts = {
        name: getattr(source, name) for name in ("summary", *original.TEXTS, "stake_slugs", "context_slugs")
    }
    made = type(original)(
        translation_of=original, follows_version=source, title=title, language=language, **texts
    )
    with transaction.atomic():
        # Two who begin at once: the second waits here, and is refused.
        type(original).objects.select_for_update().get(pk=original.pk)
        made.write(by=by)
        _take_over(made, source, by=by)
    return made


def follow(practice, version, *, by):
    """Say that the words follow `version` of the original, and take over what it newly claims and cites."""
    practice.require_editable(by)
    if not practice.translation_of_id or version.practice_id != practice.translation_of_id:
        raise ValidationError({"version": _("Choose a version of the original.")})
    before = practice.follows_version
    with transaction.atomic():
        practice.touch(by=by, follows_version=version)
        _take_over(practice, version, by=by, known=before)
    return practice


def _take_over(practice, version, *, by, known=None):
    """Copy the claims and standing evidence of `version` that `known`, a version before it, did not have."""
    mine = {claim.lasting_id: claim for claim in practice.claims()}
    before = _cited(known)
    # Held: an edit or a withdrawal under way would not see the rows made here.
    cited = Experience.objects.filter(pk__in=Evidence.objects.filter(claim__version=version).values("report"))
    reports = {report.pk: report for report in cited.select_for_update().order_by("pk")}
    for claim in version.claims.prefetch_related("evidence"):
        if claim.lasting_id not in mine and claim.lasting_id not in before:
            mine[claim.lasting_id] = claim.copied_to(practice, position=len(mine))
        if claim.lasting_id in mine:
            seen = before.get(claim.lasting_id, set())
            _cite_again(mine[claim.lasting_id], claim, reports, seen, by)
    practice.regrade(cause="cited", by=by)


def _cited(version):
    """Return {lasting_id: primary keys of the reports cited} of a version's claims; {} of none."""
    claims = version.claims.prefetch_related("evidence") if version else []
    return {claim.lasting_id: {row.report_id for row in claim.evidence.all()} for claim in claims}


def _cite_again(mine, claim, reports, seen, by):
    """Give the claim `mine` the evidence of `claim` that stands, but for the reports in `seen` or there."""
    seen = seen | {row.report_id for row in mine.evidence.all()}
    rows = [row.copied_to(mine, cited_by=by) for row in claim.evidence.all() if row.report_id not in seen]
    for row in rows:
        row.report = reports[row.report_id]
    Evidence.objects.bulk_create(row for row in rows if row.stands and row.excerpt_stands())
