"""The texts of the site, in numbered versions: what it says of itself, and the terms that members accept.

Until staff write their own, the shipped texts (`accounts/texts/`) are version 1; they are stored as such
once someone accepted them, or others take their place: what was agreed to stays to be read.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models.site import Site, SiteChange, current_site, forget_site_when_stored, require_site_editor
from accounts.models.user import User
from accounts.texts import shipped, shipped_on
from config.fields import Line, Prose
from config.text import validate_storable
from config.versioning import Conflict

LONGEST = 40_000  # characters


class Body(Prose):
    default_validators = [validate_storable]

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class SiteTextQuerySet(models.QuerySet):
    def latest_of(self, kind):
        """Return the version that is in force; the shipped one, not stored, where there is no other."""
        return self.filter(kind=kind).order_by("-number").first() or SiteText.as_shipped(kind)

    def version_of(self, kind, number):
        """Return the version with this number, or None; it knows the number of the `latest`."""
        same = SiteText.objects.filter(kind=OuterRef("kind")).order_by("-number").values("number")
        row = self.filter(kind=kind, number=number).annotate(latest=Subquery(same[:1])).first()
        # The first is stored before a second is.
        return row or (SiteText.as_shipped(kind) if number == 1 else None)


class SiteText(models.Model):
    """One version of one text, in both languages; it is never changed, but followed by another."""

    class Kind(models.TextChoices):
        ABOUT = "about", _("About this site")
        CONTACT = "contact", _("Contact")
        LEGAL = "legal", _("Legal notice")
        PRIVACY = "privacy", _("Privacy")
        TERMS = "terms", _("Terms of use")
        ACCESSIBILITY = "accessibility", _("Accessibility")

    kind = models.CharField(_("text"), max_length=13, choices=Kind.choices)
    number = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(default=timezone.now)
    published_on = models.DateField(_("date"), default=timezone.localdate)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body_en = Body(_("text in English"), blank=True, validators=[MaxLengthValidator(LONGEST)])
    body_fr = Body(_("text in French"), blank=True, validators=[MaxLengthValidator(LONGEST)])
    changes_en = Line(
        _("what changed, in English"), max_length=500, blank=True, validators=[validate_storable]
    )
    changes_fr = Line(
        _("what changed, in French"), max_length=500, blank=True, validators=[validate_storable]
    )

    objects = SiteTextQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-number"]
        verbose_name = _("text of the site")
        verbose_name_plural = _("texts of the site")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="one_text_of_a_kind_per_number",
                violation_error_message=_("There is a version with this number already."),
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.number}"

    def clean(self):
        super().clean()
        if self.kind == self.Kind.TERMS and self.number > 1:
            text = _("Say in a sentence what changed: members read it before they accept.")
            names = ("changes_en", "changes_fr")
            lacking = [name for name in names if not getattr(self, name).strip()]
            if lacking:
                raise ValidationError({name: ValidationError(text, code="required") for name in lacking})

    @classmethod
    def as_shipped(cls, kind):
        return cls(kind=kind, number=1, published_on=shipped_on())

    def body_in(self, code):
        """Return its words in the language `code`: Markdown, with the facts of the site still by name."""
        return getattr(self, f"body_{code}") or shipped(self.kind, code)

    @property
    def body(self):
        """Its words in the reader's language."""
        return self.body_in(reader_language())

    @property
    def changes(self):
        """What changed with it, in the reader's language."""
        return getattr(self, f"changes_{reader_language()}")

    def keep(self):
        """Store a shipped version with the words it has now; return the stored row."""
        if self.pk:
            return self
        words = {f"body_{code}": shipped(self.kind, code) for code in Site.Language.values}
        facts = {"published_on": self.published_on, **words}
        return SiteText.objects.get_or_create(kind=self.kind, number=self.number, defaults=facts)[0]

    def publish_next(self, *, by, **words):
        """Publish the version that follows this one, as staff; return it, or this one if nothing differs.

        `words` are bodies and changes; an empty body brings back the shipped one. Raises PermissionDenied,
        ValidationError keyed by column, or Conflict where someone else was quicker.
        """
        require_site_editor(by)
        for code in Site.Language.values:
            words[f"body_{code}"] = words.get(f"body_{code}") or shipped(self.kind, code)
        if all(words[f"body_{code}"] == self.body_in(code) for code in Site.Language.values):
            return self
        row = SiteText(kind=self.kind, number=self.number + 1, published_by=by, **words)
        row.full_clean(validate_unique=False)
        with transaction.atomic():
            site = Site.hold()  # One at a time.
            if SiteText.objects.latest_of(self.kind).number != self.number:
                raise Conflict
            self.keep()
            row.save(force_insert=True)
            details = {"text": self.kind, "number": row.number}
            SiteChange.objects.create(by=by, verb="published", details=details)
            terms = self.kind == self.Kind.TERMS
            said = {"terms_number": row.number, "terms_on": row.published_on} if terms else {}
            site.compare_and_swap(**said)
            forget_site_when_stored()
        return row


def reader_language():
    return (get_language() or settings.LANGUAGE_CODE)[:2]


class TermsAcceptance(models.Model):
    """A member accepted a version of the terms of use."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="terms_acceptances"
    )
    # What someone agreed to stays to be read.
    text = models.ForeignKey(SiteText, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now)

    class Meta:
        verbose_name = _("acceptance of the terms")
        verbose_name_plural = _("acceptances of the terms")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "text"],
                name="one_acceptance_per_member_and_version",
                violation_error_message=_("You have accepted this version already."),
            )
        ]

    def __str__(self):
        return f"{self.text_id} {self.accepted_at:%Y-%m-%d}"

    @staticmethod
    def require_in_force(number):
        """Return the terms that are in force, as they are stored; raise ValidationError if they are not the
        version `number`.
        """
        terms = SiteText.objects.latest_of(SiteText.Kind.TERMS)
        if number != terms.number:
            raise ValidationError(CHANGED_MEANWHILE, code="state")
        return terms

    @classmethod
    def record(cls, *, by, number):
        """Note that `by` accepts the version `number`, which must be the one in force; again: nothing.

        Raises ValidationError where the terms changed since they were shown.
        """
        terms = cls.require_in_force(number)
        with transaction.atomic():
            cls.objects.bulk_create([cls(member=by, text=terms.keep())], ignore_conflicts=True)
            User.objects.filter(pk=by.pk).update(terms_accepted=number)
        by.terms_accepted = number


CHANGED_MEANWHILE = _("The terms changed meanwhile. Read them again, then accept.")


def has_terms_to_accept(member):
    """Whether terms are in force that `member` has not accepted."""
    return member.is_authenticated and member.terms_accepted < current_site().terms_number
