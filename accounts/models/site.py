"""The site as those who run it call it: one row, held by each process so that no page asks for it.

A page that is about what lists show learns of a change with the states it asks for anyway (`note_version`,
see experiences/list_index/held.py); what asks for none is of the site as it was at most KEPT seconds ago.
"""

import copy
from time import monotonic

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models.addresses import validate_deliverable
from accounts.models.images import read_image
from accounts.texts import shipped_on
from config.fields import Line, Prose
from config.text import validate_storable
from config.versioning import Versioned

KEPT = 60  # seconds


def can_change_site(user):
    return user.has_perm("accounts.change_site")


def require_site_editor(by):
    """Raise PermissionDenied for whoever may not change the site; None is whoever runs it, at the command
    line.
    """
    if by is not None and not can_change_site(by):
        raise PermissionDenied


class Site(Versioned):
    """What this site is called, in which languages it speaks, and who answers for it."""

    class Languages(models.TextChoices):
        BOTH = "both", _("English and French")
        ENGLISH = "en", _("English only")
        FRENCH = "fr", _("French only")

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"

    # What a form or the command changes; the logo apart.
    TOLD = (
        "name", "languages", "default_language", "contact", "publisher", "publisher_address", "host",
    )  # fmt: skip
    # What a site that others use has to say, by law in many countries.
    NEEDED = ("contact", "publisher", "publisher_address", "host")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    name = Line(
        _("name of the site"), max_length=40, default="Retex", validators=[validate_storable],
        help_text=_("It stands in the head of each page, in e-mails, feeds and citations."),
    )  # fmt: skip
    languages = models.CharField(
        _("languages of the pages"), max_length=4, choices=Languages.choices, default=Languages.BOTH.value,
        help_text=_("Reports and practices can be written in both in any case."),
    )  # fmt: skip
    default_language = models.CharField(
        _("language for those who choose none"), max_length=2, choices=Language.choices,
        default=Language.ENGLISH.value, help_text=_("Used where a browser asks for neither."),
    )  # fmt: skip
    contact = models.EmailField(
        _("contact address"), blank=True, validators=[validate_deliverable],
        help_text=_("An e-mail address that everyone can read, at which someone answers."),
    )  # fmt: skip
    publisher = Line(
        _("publisher"), max_length=200, blank=True, validators=[validate_storable],
        help_text=_("The person or organisation that answers for the site."),
    )  # fmt: skip
    publisher_address = Prose(
        _("address of the publisher"), max_length=400, blank=True,
        validators=[validate_storable, MaxLengthValidator(400)],
    )  # fmt: skip
    host = Prose(
        _("host"), max_length=400, blank=True, validators=[validate_storable, MaxLengthValidator(400)],
        help_text=_("Name and address of whoever owns the machines."),
    )  # fmt: skip
    # The image is asked for where it is served alone; its digest names it.
    logo = models.BinaryField(default=bytes, blank=True)
    logo_digest = models.CharField(max_length=32, blank=True)
    logo_kind = models.CharField(max_length=10, blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)
    # Derived from the texts: of the terms that are in force.
    terms_number = models.PositiveIntegerField(default=1, editable=False)
    terms_on = models.DateField(default=shipped_on, editable=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_site"),
            models.CheckConstraint(
                condition=Q(languages="both") | Q(languages=F("default_language")),
                name="site_defaults_to_a_language_it_offers",
                violation_error_message=_("The site is not offered in this language."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.languages in self.Language.values:
            self.default_language = self.languages

    @property
    def offered_languages(self):
        """The codes of the languages that pages are offered in."""
        return self.Language.values if self.languages == self.Languages.BOTH else [self.languages]

    def offered(self, language):
        """Return `language` if pages are offered in it, else the one for those who choose none."""
        return language if language in self.offered_languages else self.default_language

    def language_for(self, member):
        """Return the language in which to write to `member`."""
        return self.offered(member.language)

    def among_offered(self, choices):
        """Return those of the `choices` of a language that the site offers, and the one that leaves it open.

        `choices`: (code, label) of each; an empty code leaves it open.
        """
        return [(code, label) for code, label in choices if not code or code in self.offered_languages]

    @property
    def missing(self):
        """What has still to be said, in words."""
        needed = (self._meta.get_field(name) for name in self.NEEDED)
        return [capfirst(field.verbose_name) for field in needed if not getattr(self, field.name)]

    @property
    def logo_url(self):
        return reverse("site:logo", args=[self.logo_digest, self.logo_kind]) if self.logo_digest else ""

    @property
    def logo_shown_width(self):
        """Its width in pixels where it is shown as high as the name beside it."""
        return max(1, round(self.logo_width * 24 / self.logo_height)) if self.logo_height else 0

    @classmethod
    def hold(cls):
        """Return the stored row, locked until the transaction ends; it is made when first written."""
        cls.objects.bulk_create([cls()], ignore_conflicts=True)
        return cls.objects.defer("logo").select_for_update().get()

    # --- Verbs ---

    def change(self, *, by, logo=None, **told):
        """Change what the site says of itself, of the columns in TOLD; what is left out stays.

        `logo`: the bytes of an image; empty: none any more. Raises PermissionDenied, ValidationError keyed by
        column, or Conflict where someone else changed it since it was read.
        """
        require_site_editor(by)
        edited = copy.copy(self)
        for name, value in told.items():
            setattr(edited, name, value)
        edited.full_clean(exclude=["logo"], validate_unique=False)
        changed = {name: getattr(edited, name) for name in self.TOLD}
        changed = {name: value for name, value in changed.items() if getattr(self, name) != value}
        columns = list(changed)
        if logo is not None:
            image = read_image(logo) if logo else {"logo": b"", "logo_digest": "", "logo_kind": ""}
            if image["logo_digest"] != self.logo_digest:
                changed |= image
                columns.append("logo")
        if not changed:
            return self
        with transaction.atomic():
            self.hold()
            self.compare_and_swap(**changed)
            SiteChange.objects.create(by=by, verb="changed", details={"columns": columns})
            forget_site_when_stored()
        return self


class SiteChange(models.Model):
    """A dated line: who changed what the site says of itself."""

    class Verb(models.TextChoices):
        CHANGED = "changed", _("Settings changed")
        PUBLISHED = "published", _("Text published")

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verb = models.CharField(max_length=10, choices=Verb.choices)
    # {"columns": names}, not what they said: addresses that were taken out are gone; of a text {"text": kind,
    # "number": of its version}.
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change of the site")
        verbose_name_plural = _("changes of the site")

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.verb}"

    @property
    def what(self):
        """What was changed, in words."""
        if self.verb == self.Verb.PUBLISHED:
            return [f"{self.details['text']}, {self.details['number']}"]
        names = {field.name: field.verbose_name for field in Site._meta.concrete_fields}
        names["logo"] = _("logo")
        return [capfirst(names[name]) for name in self.details["columns"] if name in names]


# --- The site as this process holds it -------------------------------------------------------------

_held = None  # (the row, when it was read)


def current_site():
    """Return the site as it was at most KEPT seconds ago, and since the last change that was heard of.

    The row is shared between requests: nobody changes it.
    """
    global _held
    held = _held  # Another thread may forget it meanwhile.
    if held is None or monotonic() - held[1] >= KEPT:
        try:
            row = Site.objects.defer("logo").first() or Site()
        except (OperationalError, InterfaceError):  # A page that says so is still of this site.
            return held[0] if held else Site()
        _held = held = row, monotonic()
    return held[0]


def note_site_version(version):
    """Take note of the version that is stored: if it is another, the site is read when next asked for."""
    global _held
    held = _held
    if held is not None:
        _held = (held[0], monotonic()) if held[0].version == version else None


def forget_site():
    """Read the site again when it is next asked for."""
    global _held
    _held = None


def forget_site_when_stored():
    """Forget it at once, for what follows in this transaction, and again once others can read the change."""
    forget_site()
    transaction.on_commit(forget_site)
