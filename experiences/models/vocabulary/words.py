"""The closed lists whose rows are no tags: competencies, facets, effects, and words for what the code knows.

Moderators reword them; the site itself needs them, so that none comes or goes.
"""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Line, Position
from experiences.models.vocabulary.edit import Editable

LANGUAGES = ("en", "fr")


def in_language(row, field):
    """Return the French or English text of `field`, as the reader's language asks."""
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    return getattr(row, f"{field}_{language}")


def listed(text):
    """Return the words of `text`, which are separated by semicolons."""
    return [word.strip() for word in text.split(";") if word.strip()]


class Named(models.Model):
    name_en = Line(_("name in English"), max_length=120)
    name_fr = Line(_("name in French"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def label(self):
        return in_language(self, "name")


class Defined(Named):
    definition_en = Line(_("definition in English"), max_length=400, blank=True)
    definition_fr = Line(_("definition in French"), max_length=400, blank=True)

    class Meta:
        abstract = True

    @property
    def definition(self):
        return in_language(self, "definition")


class Synonymous(models.Model):
    """What is also found by everyday words for it."""

    SEPARATED = _("Everyday words for it, separated by semicolons: it is found by them too.")

    synonyms_en = Line(_("synonyms in English"), max_length=400, blank=True, help_text=SEPARATED)
    synonyms_fr = Line(_("synonyms in French"), max_length=400, blank=True, help_text=SEPARATED)

    class Meta:
        abstract = True

    @property
    def synonyms(self):
        """The synonyms in the reader's language, as a list."""
        return listed(in_language(self, "synonyms"))

    def called_in(self, language):
        """Return what it is called in `language`: its name and its synonyms there."""
        return [getattr(self, f"name_{language}"), *listed(getattr(self, f"synonyms_{language}"))]


class Confusable(models.Model):
    """What is easily taken for something else. It is not found by the words of that sentence."""

    confusion_en = Line(_("not to be confused with, in English"), max_length=400, blank=True)
    confusion_fr = Line(_("not to be confused with, in French"), max_length=400, blank=True)

    class Meta:
        abstract = True

    @property
    def confusion(self):
        """What it is not to be confused with, in a sentence in the reader's language; "" if with nothing."""
        return in_language(self, "confusion")


class Competency(Editable, Defined):
    """One of eight areas that group the stakes."""

    LIST = "competencies"
    WORDS = ("name_en", "name_fr", "definition_en", "definition_fr", "position")

    slug = models.SlugField(_("slug"), unique=True)
    position = Position(_("position"), default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")


class Facet(Editable, Named):
    """One of twelve sides of a situation."""

    LIST, WORDS = "facets", ("name_en", "name_fr")

    slug = models.SlugField(_("slug"), unique=True)
    required = models.BooleanField(_("required"), default=False)
    most = models.PositiveSmallIntegerField(_("most values one may choose"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = _("facet")
        verbose_name_plural = _("facets")


class Effect(Editable, Named):
    """Something a report may have seen move."""

    LIST, WORDS = "effects", ("name_en", "name_fr")
    LESS_IS_BETTER = ("manager-load",)  # The others name what one wants more of.

    slug = models.SlugField(_("slug"), unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = _("effect")
        verbose_name_plural = _("effects")


class Wording(Editable, Named):
    """The words, in both languages, for a value the code itself knows."""

    LIST, WORDS = "wordings", ("name_en", "name_fr", "meaning_en", "meaning_fr")

    class Kind(models.TextChoices):
        VERDICT = "verdict", _("Verdict")
        BEARING = "bearing", _("Bearing")
        STRENGTH = "strength", _("Strength of a report")
        GRADE = "grade", _("Grade")
        RESPONSIBILITY = "responsibility", _("Responsibility")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    slug = models.SlugField(_("slug"))
    meaning_en = Line(_("meaning in English"), max_length=400, blank=True)
    meaning_fr = Line(_("meaning in French"), max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    stakes = models.ManyToManyField(
        "experiences.Stake", verbose_name=_("stakes"), blank=True, related_name="responsibilities"
    )

    class Meta:
        ordering = ["kind", "position"]
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="one_wording_per_value")]

    @property
    def key(self):
        return f"{self.kind}/{self.slug}"

    @property
    def meaning(self):
        return in_language(self, "meaning")
