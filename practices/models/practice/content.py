"""What a practice says, and how well it is founded: shared by the working copy and its versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from experiences.models import Context, Experience, Stake
from experiences.models.fields import Line, Prose
from experiences.text import markdown


class Grade(models.IntegerChoices):
    G0 = 0, _("Idea")
    G1 = 1, _("Lone voice")
    G2 = 2, _("Echoed")
    G3 = 3, pgettext_lazy("grade", "Convergent")
    G4 = 4, _("Well founded")


class PracticeContent(models.Model):
    """What a practice says; the working copy and each frozen version have the same fields."""

    TEXTS = ("why", "how", "applies_when", "avoid_when", "pitfalls")
    WRITABLE = ("title", "language", "summary", *TEXTS)
    CHECKED = ("title", "summary", *TEXTS)  # before they are kept: privacy/check.py

    title = Line(_("title"), max_length=200, help_text=_("What to do, as an imperative."))
    language = models.CharField(
        _("language"), max_length=2, choices=Experience.Language.choices, default=Experience.Language.ENGLISH
    )
    summary = Prose(_("summary"), max_length=600, help_text=_("The whole practice in three sentences."))
    why = Prose(_("why"))
    how = Prose(_("how"))
    applies_when = Prose(_("applies when"))
    avoid_when = Prose(_("avoid when"))
    pitfalls = Prose(_("pitfalls"))
    stake_slugs = models.JSONField(default=list, editable=False)
    context_slugs = models.JSONField(default=list, editable=False)  # [[facet, slug], …]
    # Of a translation: the version of its original whose words these follow.
    follows_version = models.ForeignKey(
        "practices.PracticeVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    html = models.JSONField(default=dict, editable=False)  # derived: the texts, rendered

    class Meta:
        abstract = True

    def stakes_said(self):
        """Return the stakes these words name, the retired ones too."""
        return list(Stake.objects.filter(slug__in=self.stake_slugs).select_related("competency"))

    def contexts_said(self):
        """Return the contexts these words are meant for; none means any."""
        names = [f"{facet}={slug}" for facet, slug in self.context_slugs]
        return list(Context.objects.filter(name__in=names).select_related("facet")) if names else []

    def render_texts(self):
        """Return the Markdown fields as safe HTML, by name."""
        return {name: markdown.render(getattr(self, name)) for name in self.TEXTS}
