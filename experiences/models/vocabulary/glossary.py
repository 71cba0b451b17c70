"""The words of the trade: what they mean, what else they are called, and with what they are confused."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from experiences.models.vocabulary.edit import Editable
from experiences.models.vocabulary.words import Confusable, Defined, Synonymous

OTHER = {"en": "fr", "fr": "en"}


class GlossaryEntry(Editable, Defined, Synonymous, Confusable):
    """A word of the trade, in both languages."""

    LIST = "glossary"
    WORDS = (
        "name_en", "name_fr", "definition_en", "definition_fr", "synonyms_en", "synonyms_fr", "confusion_en",
        "confusion_fr",
    )  # fmt: skip

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    stakes = models.ManyToManyField(
        "experiences.Stake", verbose_name=_("stakes"), blank=True, related_name="glossary_entries"
    )

    class Meta:
        ordering = ["slug"]
        verbose_name = _("word of the trade")
        verbose_name_plural = _("words of the trade")

    def get_absolute_url(self):
        return reverse("trade-word", args=[self.slug])
