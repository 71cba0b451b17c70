"""Keywords that authors use often: moderators make everyday words of terms of them, or say they are none.

Of whoever used one, nothing is told but numbers.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from experiences.models.report.parts import keyword_key
from experiences.models.report.report import Experience
from experiences.models.vocabulary.change import can_edit_vocabulary, require_editor
from experiences.models.vocabulary.glossary import GlossaryEntry
from experiences.models.vocabulary.terms import Context, Stake
from experiences.models.vocabulary.words import LANGUAGES, listed

LEAST_REPORTS, LEAST_AUTHORS = 5, 3  # of a keyword that is used often
MOST_PROPOSED = 5000  # at once: more than anybody reads
REPORTS_SHOWN = 5


def keys_of_terms():
    """Return the keys of all names and everyday words of stakes, contexts and words of the trade."""
    said = []
    for model in (Stake, Context, GlossaryEntry):
        columns = [name for name in model.WORDS if name.startswith(("name_", "synonyms_"))]
        for words in model.objects.order_by().values_list(*columns):
            said += [word for text in words for word in listed(text)]
    return set(map(keyword_key, said))


LINK = "experiences_reportkeyword_items__content_object"
PUBLISHED = Q(**{f"{LINK}__status": Experience.Status.PUBLISHED})
OFTEN = Q(reports__gte=LEAST_REPORTS, authors__gte=LEAST_AUTHORS)
# What was dismissed is known while it is public: later, it may stand in nothing but a draft.
DISMISSED = Q(dismissal__isnull=False, reports__gt=0)


class FrequentKeywordQuerySet(models.QuerySet):
    def counted(self, **only):
        """Return the keywords, each with the number of `reports` that have it and of their `authors`.

        Where a name is withheld, each report counts as one: nothing may tell who wrote it.
        """
        allowed = only.get("filter", Q())
        named = Q(**{f"{LINK}__identity": Experience.Identity.NAMED})
        signed = Count(f"{LINK}__author", distinct=True, filter=allowed & named)
        unsigned = Count(LINK, filter=allowed & ~named & Q(**{f"{LINK}__isnull": False}))
        return self.annotate(reports=Count(LINK, **only), authors=signed + unsigned)

    def used_often(self):
        """Return those that enough published reports of enough authors have."""
        return self.filter(PUBLISHED).counted().filter(OFTEN)

    def visible_to(self, user):
        """Return what `user` may know of: for moderators, what is used often, and what was dismissed."""
        if not can_edit_vocabulary(user):
            return self.none()
        rows = self.counted(filter=PUBLISHED).filter(OFTEN | DISMISSED)
        return rows.select_related("dismissal__by")

    def proposed(self):
        """Return, as a list, those that may become terms, the most used first: that no term is called, and
        that nobody dismissed.
        """
        rows = self.used_often().filter(dismissal=None).select_related("dismissal")
        known = keys_of_terms()
        first = rows.order_by("-reports", "slug")[:MOST_PROPOSED]
        return [row for row in first if row.slug not in known]

    def dismissed(self):
        """Return those that a moderator said are no terms, the newest first."""
        rows = self.counted(filter=PUBLISHED).filter(DISMISSED)
        return rows.select_related("dismissal__by").order_by("-dismissal__at", "slug")


class FrequentKeyword(Tag):
    """A free keyword as moderators look at it: may it be a term?"""

    objects = FrequentKeywordQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")

    def get_absolute_url(self):
        return reverse("vocabulary:keyword", args=[self.pk])

    @property
    def is_dismissed(self):
        return hasattr(self, "dismissal")

    def published(self):
        """Return the published reports that have it."""
        return Experience.objects.published().filter(keyword_links__tag=self.pk)

    def languages(self):
        """Return the languages in which most of the published reports that have it are written."""
        rows = self.published().order_by().values_list("language").annotate(number=Count("pk"))
        numbers = dict(rows)
        most = max(numbers.values(), default=1)
        return [code for code in LANGUAGES if 2 * numbers.get(code, 0) >= most]

    # --- Verbs ---------------------------------------------------------------------------------

    def add_to(self, *, by, term, languages):
        """Make it an everyday word of `term`, a stake or a word of the trade, as a moderator.

        `languages` are those in which it is one. Raises Conflict where the term was changed meanwhile.
        """
        require_editor(by)
        self.refuse_known()
        errors = {}
        if term is None or getattr(term, "retired_on", None):
            text = _("Choose a stake or a word of the trade that is in use.")
            errors["term"] = ValidationError(text, code="required")
        if not languages:
            text = _("Choose at least one language.")
            errors["languages"] = ValidationError(text, code="required")
        if errors:
            raise ValidationError(errors)
        columns = [f"synonyms_{code}" for code in LANGUAGES if code in languages]
        words = {name: "; ".join([*listed(getattr(term, name)), self.name]) for name in columns}
        with transaction.atomic():
            term.edit(by=by, **words)
            DismissedKeyword.objects.filter(keyword=self.pk).delete()
        return self

    def refuse_known(self):
        """Raise ValidationError where it is called so already, or cannot be one word among others."""
        if self.slug in keys_of_terms():
            raise ValidationError(_("A term is called so already."), code="state")
        if ";" in self.name:
            text = _(
                "A semicolon parts everyday words, and this keyword has one: write them on the term’s page."
            )
            raise ValidationError(text, code="semicolon")

    def dismiss(self, *, by):
        """Say that it is no term, as a moderator: it is proposed no more."""
        require_editor(by)
        try:
            with transaction.atomic():
                DismissedKeyword.objects.create(keyword_id=self.pk, by=by)
        except IntegrityError:
            raise ValidationError(_("Somebody has said so already."), code="state") from None
        return self

    def restore(self, *, by):
        """Take back that it is no term, as a moderator: it is proposed again while it is used often."""
        require_editor(by)
        if not DismissedKeyword.objects.filter(keyword=self.pk).delete()[0]:
            raise ValidationError(_("Nobody has said that it is no term."), code="state")
        return self


class DismissedKeyword(models.Model):
    """That a keyword is no term, as a moderator said; forgotten with the last report that has the keyword,
    for a free word may tell as much as a sentence.
    """

    keyword = models.OneToOneField(
        Tag, verbose_name=_("keyword"), on_delete=models.CASCADE, related_name="dismissal"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("keyword that is no term")
        verbose_name_plural = _("keywords that are no terms")

    def __str__(self):
        return self.keyword.name
