"""Invitations to open an account: for one address, once, for some days."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models.addresses import validate_deliverable
from accounts.models.user import User
from config.formats.written import date_format


def require_inviter(user):
    """Raise PermissionDenied for whoever may not invite."""
    if not user.has_perm("accounts.invite_member"):
        raise PermissionDenied


def can_give(user, group):
    """Whether `user` holds all that `group` allows: nobody gives more than they have."""
    return user.has_perms(
        f"{app}.{codename}"
        for app, codename in group.permissions.values_list("content_type__app_label", "codename")
    )


def digest_of(key):
    return sha256(key.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("accounts.invite_member") else self.none()

    def open(self):
        return self.filter(accepted_at=None, revoked_at=None)

    def pending(self):
        """Return those whose link works."""
        return self.open().filter(expires_at__gt=timezone.now())

    def expired(self):
        return self.open().filter(expires_at__lte=timezone.now())

    def accepted(self):
        return self.filter(accepted_at__isnull=False)

    def revoked(self):
        return self.filter(revoked_at__isnull=False)

    def for_list(self):
        return self.select_related("group", "invited_by").order_by("-sent_at", "-pk")

    def with_key(self, key):
        """Return the one that the link with `key` is of, while it works; or None."""
        return self.pending().filter(digest=digest_of(key)).first()

    def forget_old(self):
        """Delete those that ended long ago: an address that nobody used is not kept."""
        before = timezone.now() - Invitation.KEPT
        self.filter(Q(accepted_at__lt=before) | Q(revoked_at__lt=before) | Q(expires_at__lt=before)).delete()

    def forget(self, member, addresses):
        """Delete those for `addresses` of `member`, who leaves; those they sent give no group any more."""
        self.filter(email__in=addresses).delete()
        self.open().filter(invited_by=member).update(group=None)


class Invitation(models.Model):
    """Someone is asked to open an account, by a link to their address; of its key, a digest is kept."""

    VALID, KEPT = timedelta(days=14), timedelta(days=60)
    PAUSE = timedelta(minutes=10)  # between two mails to one address
    MOST_A_DAY = 500  # of one member: no mailbox of others is filled from here

    email = models.EmailField(_("e-mail address"), validators=[validate_deliverable])
    language = models.CharField(_("language of the e-mail"), max_length=2, choices=User.Language.choices[1:])
    group = models.ForeignKey(
        Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        permissions = [("invite_member", "Can invite people to open an account")]
        indexes = [models.Index(F("sent_at").desc(), F("id").desc(), name="invitations_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
                violation_error_message=_("This address is invited already."),
            )
        ]

    def __str__(self):
        return self.email

    @property
    def is_open(self):
        return self.accepted_at is None and self.revoked_at is None

    @property
    def is_expired(self):
        return self.is_open and self.expires_at <= timezone.now()

    @property
    def why_not_again(self):
        day = date_format(localtime(self.expires_at), "DATE_FORMAT")
        return _("This address is invited already: its link works until %(day)s.") % {"day": day}

    # --- Verbs ---

    @classmethod
    def issue(cls, email, *, by, language, group=None):
        """Invite `email`; return the invitation and its key, which is stored nowhere.

        `by` is None for whoever runs the site, at the command line.
        """
        if by is not None:
            require_inviter(by)
            if group is not None and not can_give(by, group):
                raise PermissionDenied
        email = cls._meta.get_field("email").clean(email.strip().lower(), None)
        with transaction.atomic():
            row = cls.objects.select_for_update().open().filter(email=email).first() or cls(email=email)
            if row.pk and not row.is_expired:
                raise ValidationError({"email": ValidationError(row.why_not_again, code="invited")})
            row.language, row.group, row.invited_by = language, group, by
            return row, row._store_new_key(by)

    def resend(self, *, by):
        """Give it another key, for as long again; the link that was sent before ends. Return the key."""
        require_inviter(by)
        with transaction.atomic():
            self._lock_open()
            if timezone.now() - self.sent_at < self.PAUSE:
                raise ValidationError(_("It was sent less than ten minutes ago. Wait for it to arrive."))
            return self._store_new_key(by)

    def revoke(self, *, by):
        """End it: its link no longer works."""
        require_inviter(by)
        with transaction.atomic():
            self._lock_open()
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])

    def accept(self, *, by):
        """Make `by`, who confirmed the address, what they were invited as; it is used up by that."""
        if not by.emailaddress_set.filter(email=self.email, verified=True).exists():
            raise ValidationError(_("This invitation is for another e-mail address."), code="other_address")
        with transaction.atomic():
            alive = Invitation.objects.pending().filter(pk=self.pk, digest=self.digest)
            if not alive.update(accepted_at=timezone.now(), accepted_by=by):
                raise ValidationError(_("This invitation no longer works."), code="ended")
            # Who invited may have lost since what they gave.
            if self.group and (self.invited_by is None or can_give(self.invited_by, self.group)):
                by.groups.add(self.group)

    def _lock_open(self):
        self.refresh_from_db(from_queryset=Invitation.objects.select_for_update())
        if not self.is_open:
            raise ValidationError(_("This invitation was accepted or revoked meanwhile."), code="ended")

    def _store_new_key(self, by):
        """Store it as sent now, under a new key; return the key."""
        today = Invitation.objects.filter(invited_by=by, sent_at__gt=timezone.now() - timedelta(days=1))
        if by is not None and today.count() >= self.MOST_A_DAY:
            text = _("You sent %(most)s invitations since yesterday: send the others tomorrow.")
            raise ValidationError(text % {"most": self.MOST_A_DAY}, code="too_many")
        key = secrets.token_urlsafe(32)
        self.digest, self.sent_at = digest_of(key), timezone.now()
        self.expires_at = self.sent_at + self.VALID
        self.full_clean()
        self.save()
        return key
