"""What was answered to a request that may be sent twice."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


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
