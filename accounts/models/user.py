"""Members: who they are, and what they keep private."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Permission, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from config.fields import Line

# The column that says whether what a member tells under this identity is read before it is published.
READ_FIRST = {"named": "read_first", "withheld": "read_withheld_first"}


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Create a member; without a password they can only sign in after a reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def who_may(self, permission):
        """Return the active members who hold `permission` ("app.codename"), by a role or otherwise."""
        app, codename = permission.split(".")
        held = Permission.objects.filter(content_type__app_label=app, codename=codename)
        by_right = Q(is_superuser=True) | Q(user_permissions__in=held) | Q(groups__permissions__in=held)
        return self.filter(by_right, is_active=True).distinct()


class User(AbstractBaseUser, PermissionsMixin):
    """A member. Curators and moderators are members of those groups."""

    class Language(models.TextChoices):
        BROWSER = "", _("As my browser says")
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"

    class Notices(models.TextChoices):
        NONE = "none", _("None")
        WAITING = "waiting", _("Only about what waits for me")
        ALL = "all", _("About all that happens to my reports and practices")

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = Line(
        _("name to show"),
        max_length=80,
        blank=True,
        help_text=_("Shown beside the reports you sign. A first name is enough."),
    )
    language = models.CharField(
        _("interface language"), max_length=2, choices=Language.choices, blank=True, default=""
    )
    organisation = Line(
        _("organisation"),
        max_length=120,
        blank=True,
        help_text=_("Never shown. Used only to count how many independent organisations say the same."),
    )
    notices = models.CharField(
        _("e-mails about reports and practices"),
        max_length=7,
        choices=Notices.choices,
        default=Notices.WAITING,
        help_text=_(
            "E-mails about your account itself, such as a code or a new password, always come, and so does "
            "the one that says that your first report is published."
        ),
    )
    # Of single kinds of notifications, {"mail:cited": True, "site:practice": False}: what differs from
    # `notices`, and which are not told on the site.
    notification_choices = models.JSONField(default=dict, blank=True, editable=False)
    # Private: set and lifted by moderators, from the page of a report that may not tell whose it is.
    # Apart for signed reports and for others: what becomes of the first must not tell who wrote the second.
    read_first = models.BooleanField(
        _("signed reports read before publication, as a moderator decided"), default=False, editable=False
    )
    read_withheld_first = models.BooleanField(
        _("reports without my name read before publication, as a moderator decided"),
        default=False,
        editable=False,
    )
    # Derived from their acceptances: the number of the terms they accepted last.
    terms_accepted = models.PositiveIntegerField(
        _("version of the terms I accepted last"), default=0, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_member_per_email_address",
                violation_error_message=_("A member already has this e-mail address."),
            )
        ]

    def __str__(self):
        return display_name(self)

    def clean(self):
        super().clean()
        self.display_name = self.display_name.strip()
        if self.pk and self.display_name and self._is_name_removed():
            refusal = ValidationError(_("A moderator removed this name. Choose another."), code="removed")
            raise ValidationError({"display_name": refusal})

    def _is_name_removed(self):
        return self.names_doubted.filter(status="removed", name__iexact=self.display_name).exists()

    def get_full_name(self):
        return display_name(self)

    get_short_name = get_full_name

    # --- What a role allows: everything that asks, asks here ---

    def has_perm(self, perm, obj=None):
        return super().has_perm(perm, obj) and not self.must_set_up_second_step

    def has_module_perms(self, app_label):
        return super().has_module_perms(app_label) and not self.must_set_up_second_step

    @cached_property
    def must_set_up_second_step(self):
        """Whether this member holds powers that rest until signing in takes two steps (REQUIRE_MFA)."""
        if not settings.REQUIRE_MFA or not (self.is_superuser or self.get_all_permissions()):
            return False
        return not self.authenticator_set.exclude(type="recovery_codes").exists()

    # --- What this member is told ---

    def wants_notice(self, *, waiting, kind="", always=False):
        """Whether to tell this member by e-mail what happened; `waiting`: something for them to do;
        `kind`: of Notification, on which they may have chosen apart; `always`: whatever they chose.
        """
        chosen = {self.Notices.NONE: False, self.Notices.ALL: True}.get(self.notices, waiting)
        if self.notices != self.Notices.NONE:
            chosen = self.notification_choices.get(f"mail:{kind}", chosen)
        return self.is_active and (always or chosen)

    @cached_property
    def unread(self):
        """How many notifications this member has not read, as of when it is first asked for."""
        return self.notifications.unread().count()

    def wants_on_site(self, kind):
        """Whether to tell this member of this `kind` on the site."""
        return self.is_active and self.notification_choices.get(f"site:{kind}", True)

    def choose_notices(self, chosen):
        """Choose anew which e-mails come: what was chosen of single kinds is over."""
        self.notices = chosen
        self.notification_choices = {
            name: wanted for name, wanted in self.notification_choices.items() if name.startswith("site:")
        }


def display_name(user):
    """Return the name others see: never the e-mail address, which stays private."""
    return shown_name(user.display_name)


def shown_name(name):
    """Return the name others see of a member whose name to show is `name`, which may be none."""
    return name or str(_("A member"))
