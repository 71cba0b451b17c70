"""What the site tells a member, on a page that nobody else reads.

A row says what happened and points at what it is about; its sentence is made when it is read, of what its
member may read by then. So no title of what was withdrawn, and no word of what was erased, stays here.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FORGOTTEN_AT_ONCE = 1000


def new_id():
    return secrets.token_hex(8)


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return those of `user`: nobody else knows of them."""
        return self.filter(member=user) if user.is_authenticated else self.none()

    def unread(self):
        return self.filter(read_at=None)

    def tell(self, members, name, *, kind, key_of, about="", **facts):
        """Tell `members`, but those who want none of this `kind` here, that what is called `name` happened.

        Each is told once for what `key_of(member)` returns.
        """
        wanting = [member for member in members if member is not None and member.wants_on_site(kind)]
        said = {"name": name, "kind": kind, "about": about, "facts": facts}
        self.add([Notification(member=member, key=key_of(member), **said) for member in wanting])

    def add(self, rows):
        """Store those of `rows` that are not there yet."""
        self.bulk_create(rows, ignore_conflicts=True)

    def mark_read(self, *, by):
        """Note that `by` has read those of these that are theirs; return how many were not read yet."""
        return self.filter(member=by).unread().update(read_at=timezone.now())

    def settle(self, about, *names):
        """Note that nobody need read any more that what is called one of `names` happened to what has the
        identifier `about`: what waited is done.
        """
        self.unread().filter(about=about, name__in=names).update(read_at=timezone.now())

    def forget_old(self):
        """Delete what was told long ago, be it read or not, some at a time: others write meanwhile."""
        old = (
            self.filter(at__lt=timezone.now() - Notification.KEPT).order_by("pk").values_list("pk", flat=True)
        )
        while keys := list(old[:FORGOTTEN_AT_ONCE]):
            self.filter(pk__in=keys).delete()


class Notification(models.Model):
    """One thing that a member is told."""

    class Kind(models.TextChoices):
        """What members choose to be told of, on the site and by e-mail."""

        RETURNED = "returned", _("My report, or a practice I edited, comes back to be changed")
        PUBLISHED = "published", _("My report, or a practice I edited, arrives or is published")
        QUESTION = "question", _("A reader asks me about my report")
        ANSWER = "answer", _("My question is answered")
        FOLLOW_UP = "follow-up", _("It is time to say what has become of what I told")
        CITED = "cited", _("A practice cites my report")
        PRACTICE = "practice", _("A practice I work on, or that cites me, is tried, or its grade moves")
        DECISION = "decision", _("A moderator decides on something I wrote")
        SEARCH = "search", _("Something is new in a search that I keep, and whose alerts I chose")
        REVIEW = "review", _("A report or a practice waits for a curator")
        ALARM = "alarm", _("Something waits for a moderator")

    # Of which members hear by e-mail who chose to hear of what waits for them alone.
    WAITING = frozenset(Kind.values) - {Kind.CITED, Kind.PRACTICE}
    NEEDED = {Kind.REVIEW: "experiences.review_experience", Kind.ALARM: "experiences.moderate_experience"}
    KEPT = timedelta(days=180)

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", editable=False
    )
    public_id = models.CharField(max_length=16, unique=True, default=new_id, editable=False)
    kind = models.CharField(max_length=9, choices=Kind.choices, editable=False)
    # What happened, as who tells it calls it: what makes a sentence of it goes by this.
    name = models.CharField(max_length=40, editable=False)
    # The identifier of the report, practice or search it is about, and what else its sentence needs: never
    # a word that anyone wrote.
    about = models.CharField(max_length=20, blank=True, editable=False)
    facts = models.JSONField(default=dict, editable=False)
    key = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["member", "-id"], name="notifications_newest_first"),
            models.Index(fields=["member"], condition=Q(read_at=None), name="notifications_not_read"),
            models.Index(fields=["about"], condition=Q(read_at=None), name="notifications_to_settle"),
            models.Index(fields=["at"], name="notifications_forgotten"),
        ]

    def __str__(self):
        return f"{self.name} {self.about}"

    @property
    def is_read(self):
        return self.read_at is not None

    @classmethod
    def kinds_for(cls, member):
        """Return the kinds that `member` can be told of."""
        return [one for one in cls.Kind if one not in cls.NEEDED or member.has_perm(cls.NEEDED[one])]

    def open(self, *, by):
        """Note that its member has read it."""
        if by != self.member:
            raise PermissionDenied
        Notification.objects.filter(pk=self.pk).mark_read(by=by)
