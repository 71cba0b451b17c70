"""E-mails that wait to be sent."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class OutgoingMailQuerySet(models.QuerySet):
    def due(self):
        """Return what is to be sent now, the longest wait first."""
        return self.filter(next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")

    def unsent(self):
        return self.filter(next_try_at__isnull=False)

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
    # Whether its recipient chose to get such mails: then it says how to stop them.
    is_notice = models.BooleanField(default=False)
    # Where a notice that can be stopped apart from all others is stopped; "" where they stop together.
    stop_path = models.CharField(max_length=200, blank=True)
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

    def reword(self, reword):
        """Put `reword(text)` in place of what it says, also for the next try where a worker has it now."""
        words = {name: reword(getattr(self, name)) for name in ("subject", "body")}
        if any(getattr(self, name) != text for name, text in words.items()):
            waiting = OutgoingMail.objects.unsent().filter(pk=self.pk)
            waiting.update(**words | {"subject": words["subject"][:300]})

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
        self._swap(recipient="", subject="", body="", stop_path="", next_try_at=None, **columns)

    def _swap(self, **columns):
        """Write `columns` unless another worker has taken it since (compare and swap)."""
        unmoved = OutgoingMail.objects.filter(pk=self.pk, attempts=self.attempts, next_try_at__isnull=False)
        return bool(unmoved.update(**columns))
