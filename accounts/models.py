"""People: who they are, what they keep private, the tokens their programs carry, their mail, and limits."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Permission, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager


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
    display_name = models.CharField(
        _("name to show"),
        max_length=80,
        blank=True,
        help_text=_("Shown beside the reports you sign. A first name is enough."),
    )
    language = models.CharField(
        _("interface language"), max_length=2, choices=Language.choices, blank=True, default=""
    )
    organisation = models.CharField(
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
        help_text=_("E-mails about your account itself, such as a code or a new password, always come."),
    )
    # Private: set and lifted by moderators, from the page of a report that may not tell whose it is.
    read_first = models.BooleanField(
        _("reports read before publication, as a moderator decided"), default=False, editable=False
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

    def get_full_name(self):
        return display_name(self)

    get_short_name = get_full_name

    def wants_notice(self, *, waiting):
        """Whether to tell this member what happened; `waiting`: something for them to do."""
        chosen = {self.Notices.ALL: True, self.Notices.WAITING: waiting}
        return self.is_active and chosen.get(self.notices, False)


def display_name(user):
    """Return the name others see: never the e-mail address, which stays private."""
    return user.display_name or str(_("A member"))


class TokenManager(AuthTokenManager):
    def of(self, user):
        """Return the tokens of `user` that still work, each with its `handle`."""
        alive = self.filter(user=user).filter(Q(expiry=None) | Q(expiry__gt=timezone.now()))
        return alive.annotate(handle=Substr("digest", 1, Token.HANDLE_LENGTH))


class Token(AbstractAuthToken):
    """A key one of a member's programs carries: named, scoped, expiring, stored hashed."""

    DAYS, MOST_DAYS, MOST_TOKENS = 90, 365, 50
    HANDLE_LENGTH = 16

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    name = models.CharField(
        _("name"), max_length=80, help_text=_("Where this token is used, to know it again later.")
    )
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.READ)

    objects = TokenManager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created", "digest"]

    def __str__(self):
        return self.name

    @classmethod
    def issue(cls, *, by, name, scope, days=DAYS):
        """Make a token for `by`; return it with its key, which is stored nowhere.

        Raises ValidationError keyed by field.
        """
        token = cls(user=by, name=name.strip(), scope=scope)
        token.full_clean(exclude=["digest", "token_key"])
        if not 1 <= days <= cls.MOST_DAYS:
            text = _("A token is valid for 1 to %(most)s days.")
            raise ValidationError({"days": ValidationError(text, params={"most": cls.MOST_DAYS})})
        if cls.objects.of(by).count() >= cls.MOST_TOKENS:
            raise ValidationError(_("You have many tokens already: revoke one you no longer use first."))
        token, key = cls.objects.create(by, expiry=timedelta(days=days), name=token.name, scope=scope)
        token.handle = token.digest[: cls.HANDLE_LENGTH]
        return token, key


class ReceiptManager(models.Manager):
    def forget_old(self, member):
        """Delete the receipts of `member` that no program will ask for again."""
        self.filter(member=member, created_at__lt=timezone.now() - Receipt.KEPT).delete()


class Receipt(models.Model):
    """What was answered to a request with an Idempotency-Key, so that sending it twice acts once."""

    KEPT = timedelta(days=2)

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReceiptManager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="a_key_is_answered_once")]

    def __str__(self):
        return self.key


class OutgoingMailQuerySet(models.QuerySet):
    def due(self):
        """Return what is to be sent now, the longest wait first."""
        return self.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")

    def forget_old(self):
        """Delete what was sent, or given up, long ago."""
        self.filter(next_try_at=None, created_at__lt=timezone.now() - OutgoingMail.KEPT).delete()


class OutgoingMail(models.Model):
    """An e-mail, written with what it tells of, and sent by the worker.

    Once it is sent, or given up, only its key and dates are kept: nothing of what it said, or to whom.
    """

    LEASE = timedelta(minutes=5)  # Longer than any sending: meanwhile no other worker takes it.
    FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
    MOST_ATTEMPTS = 16  # About three days.
    KEPT = timedelta(days=60)

    key = models.CharField(max_length=64)
    recipient = models.CharField(max_length=320, blank=True)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    # When to try, or to try again if the worker that took it is gone; null once there is nothing to do.
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="mail_to_send")
        ]
        constraints = [models.UniqueConstraint(fields=["key"], name="a_mail_is_written_once")]

    def __str__(self):
        return f"{self.pk}"

    def lease(self):
        """Take it, alone among all workers; return whether that succeeded."""
        until = timezone.now() + self.LEASE
        taken = self._swap(attempts=F("attempts") + 1, next_try_at=until)
        self.attempts += 1
        return taken

    def mark_sent(self):
        self._forget(sent_at=timezone.now())

    def mark_failed(self):
        """Put it off, each time for longer; return whether it will be tried again."""
        if self.attempts >= self.MOST_ATTEMPTS:
            self._forget()
            return False
        pause = min(self.FIRST_PAUSE * 4 ** (self.attempts - 1), self.LONGEST_PAUSE)
        self._swap(next_try_at=timezone.now() + pause)
        return True

    def _forget(self, **columns):
        self._swap(recipient="", subject="", body="", next_try_at=None, **columns)

    def _swap(self, **columns):
        """Write `columns` unless another worker has taken it since (compare and swap)."""
        unmoved = OutgoingMail.objects.filter(pk=self.pk, attempts=self.attempts, next_try_at__isnull=False)
        return bool(unmoved.update(**columns))


class RateLimitQuerySet(models.QuerySet):
    def alive(self):
        """Return what still counts."""
        return self.filter(expires_at__gt=timezone.now())

    def ended(self):
        """Return what no longer counts."""
        return self.filter(expires_at__lte=timezone.now())


class RateLimit(models.Model):
    """How often something was tried lately: written by `accounts.limits`, deleted only once it has ended."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    objects = RateLimitQuerySet.as_manager()

    def __str__(self):
        return self.key
