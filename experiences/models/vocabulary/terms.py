"""The closed lists that reports are tagged with: what may be at stake, and where it may happen.

A term's slug is permanent. A term is retired with heirs, never deleted (see `retirement.py`). Rows are
loaded by `load_vocabulary` from `experiences/vocabulary/` and may be reworded by moderators.
"""

from functools import lru_cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from config.folding import slug_of
from experiences.models.fields import Line, Position
from experiences.models.report.parts import MOST_STAKES
from experiences.models.vocabulary.change import require_editor
from experiences.models.vocabulary.edit import Editable
from experiences.models.vocabulary.retirement import Retirable
from experiences.models.vocabulary.words import (
    LANGUAGES,
    Competency,
    Confusable,
    Defined,
    Facet,
    Named,
    Synonymous,
    in_language,
    listed,
)
from experiences.text.stemming import fold, words


@lru_cache(maxsize=500)  # Sixty stakes say the same on every form.
def folded_words(text):
    """Return the words of `text`, folded, once each, with a space between."""
    return " ".join(dict.fromkeys(fold(word) for word, _start, _end in words(text)))


class Term(Retirable, Editable):
    """What closed tags share: order, retirement with heirs, and whether they are of this site alone.

    `LINKS` is the way from a tagged row to its ties with such terms.
    """

    LINKS = ""
    LONGEST_SLUG = 80  # characters; with its facet, it fits the `name` of a tag

    position = Position(_("position"), default=0)
    # Added by a moderator of this site, whatever lists are shipped later; the others are common to all sites.
    local = models.BooleanField(_("of this site"), default=False, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        self.name_tag()
        super().save(**kwargs)

    def name_tag(self):
        """Set the `name` that taggit asks of a tag: people are shown the label instead."""
        self.name = self.slug

    def add(self, *, by):
        """Put it on its list, the last of its group, as a moderator; its slug comes from the English name."""
        require_editor(by)
        self.local = True
        self.slug = slug_of(self.name_en, self.LONGEST_SLUG)
        self.position = self.next_position()
        self.full_clean(exclude=["name", "slug"])
        if not self.slug:
            text = _("Its address is made of its English name, which needs letters or digits.")
            raise ValidationError({"name_en": ValidationError(text, code="required")})
        try:
            with transaction.atomic():
                self.save(force_insert=True)
                self.log_change("added", by)
        except IntegrityError:
            text = _("There is a term with this name already, in use or retired. Choose another name.")
            raise ValidationError({"name_en": ValidationError(text, code="unique")}) from None
        return self

    def next_position(self):
        """Return the position behind all others of its group."""
        last = self.group().filter(position__lt=Context.UNSTATED_FROM).aggregate(last=models.Max("position"))
        return min((last["last"] or 0) + 1, Context.UNSTATED_FROM - 1)

    def possible_heirs(self):
        """Return the terms that may take its place."""
        return self.alike().current().exclude(pk=self.pk)

    @property
    def json_name(self):
        """What names it in the JSON of a working copy."""
        return self.slug


class TermQuerySet(models.QuerySet):
    def bulk_create(self, terms, **options):
        for term in terms:
            term.name_tag()
        return super().bulk_create(terms, **options)

    def current(self):
        """Return the terms one may still choose."""
        return self.filter(retired_on=None)

    def choosable(self, held=()):
        """Return the current terms, and those a row already has: `held`."""
        return self.filter(Q(retired_on=None) | Q(pk__in=[term.pk for term in held]))


class Stake(Term, Defined, Synonymous, Confusable, TagBase):
    """What is at stake: a tag of a closed list."""

    SAID = _("What people say who face it, in their own words, separated by semicolons: search finds it so.")

    LIST, LINKS = "stakes", "stake_links"
    WORDS = (
        "competency", "name_en", "name_fr", "definition_en", "definition_fr", "synonyms_en", "synonyms_fr",
        "confusion_en", "confusion_fr", "said_en", "said_fr", "position",
    )  # fmt: skip
    most_per_report = MOST_STAKES

    competency = models.ForeignKey(
        Competency, verbose_name=_("competency"), on_delete=models.PROTECT, related_name="stakes"
    )
    said_en = Line(_("what people say, in English"), max_length=1500, blank=True, help_text=SAID)
    said_fr = Line(_("what people say, in French"), max_length=1500, blank=True, help_text=SAID)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["competency__position", "position"]
        verbose_name = _("stake")
        verbose_name_plural = _("stakes")

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("stake", args=[self.slug])

    @property
    def said(self):
        """What people say who face it, in the reader's language, as a list."""
        return listed(in_language(self, "said"))

    def group(self):
        return Stake.objects.filter(competency=self.competency_id)

    @property
    def group_label(self):
        return self.competency.label

    def alike(self):
        """Return the terms of its kind."""
        return Stake.objects.select_related("competency")

    def is_alike(self, other):
        return True

    def alike_in(self, report):
        """Return the terms of its kind that `report` has."""
        return list(report.stakes.all())

    def picked_by(self):
        """Return the folded words of its names, of its synonyms and of its definitions, in both languages."""
        texts = (
            " ".join(getattr(self, f"{part}_{code}") for code in LANGUAGES)
            for part in ("name", "synonyms", "definition")
        )
        return [folded_words(text) for text in texts]


def search_terms(stakes):
    """Yield (language, text) of all that `stakes` are found by: names, definitions and synonyms."""
    for stake in sorted(stakes, key=lambda stake: stake.slug):
        for code in LANGUAGES:
            parts = (getattr(stake, f"{part}_{code}") for part in ("name", "definition", "synonyms"))
            yield code, "\n".join(parts)


class ContextQuerySet(TermQuerySet):
    def stated(self):
        """Return the values of the published list, without “unknown” and “withheld”."""
        return self.exclude(slug__in=Context.UNSTATED)


class Context(Term, Named, TagBase):
    """One value of one facet: a tag of a closed list. Its slug is unique within its facet."""

    # Every facet also takes these two; they differ, and both are shown as such.
    UNKNOWN, WITHHELD = "unknown", "withheld"
    UNSTATED = (UNKNOWN, WITHHELD)
    UNSTATED_FROM = 900  # the position from which they stand

    LIST, LINKS, WORDS = "contexts", "context_links", ("name_en", "name_fr", "position")

    slug = models.SlugField(_("slug"), max_length=100)
    facet = models.ForeignKey(
        Facet, verbose_name=_("facet"), on_delete=models.PROTECT, related_name="contexts"
    )

    objects = ContextQuerySet.as_manager()

    class Meta:
        ordering = ["facet__position", "position"]
        verbose_name = _("context")
        verbose_name_plural = _("contexts")
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "slug"],
                name="context_slug_is_unique_within_its_facet",
                violation_error_message=_("This facet already has a value with this slug."),
            )
        ]

    def __str__(self):
        return self.label

    def name_tag(self):
        self.name = f"{self.facet.slug}={self.slug}"

    @property
    def key(self):
        return f"{self.facet.slug}/{self.slug}"

    @property
    def json_name(self):
        return [self.facet.slug, self.slug]

    @property
    def is_fixed(self):
        return self.slug in self.UNSTATED

    @property
    def most_per_report(self):
        return self.facet.most

    def group(self):
        return Context.objects.filter(facet=self.facet_id)

    @property
    def group_label(self):
        return self.facet.label

    def alike(self):
        """Return the values of its facet, without “unknown” and “withheld”."""
        return Context.objects.stated().filter(facet=self.facet_id).select_related("facet")

    def is_alike(self, other):
        return self.facet_id == other.facet_id

    def alike_in(self, report):
        """Return the values of its facet that `report` has."""
        return [context for context in report.contexts.all() if self.is_alike(context)]

    @property
    def is_known(self):
        return self.slug not in (*self.UNSTATED, "b-unknown")


def rows_at(address):
    """Return the row of a closed list at `address` ("stakes/burnout", "contexts/audience/internal"), as a
    queryset of one or none.
    """
    name, *names = address.split("/")
    group = {"contexts": "facet__slug", "wordings": "kind"}.get(name)
    editable = (one for one in apps.get_app_config("experiences").get_models() if issubclass(one, Editable))
    models_by_list = {one.LIST: one for one in editable}
    if name not in models_by_list or len(names) != (2 if group else 1):
        return Stake.objects.none()
    rows = models_by_list[name].objects.filter(slug=names[-1])
    rows = rows.filter(**{group: names[0]}) if group else rows
    related = {"stakes": ["competency"], "contexts": ["facet"]}.get(name, [])
    return rows.select_related(*related) if related else rows
