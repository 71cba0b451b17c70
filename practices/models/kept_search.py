"""Searches that members keep: a list and the parameters of its address, with a feed and alerts of its own.

What an alert tells of is known by when it changed as others may know it (`changed_at`): of a report that
withholds its author's name, the end of the month. So no alert tells the day of it, whenever it comes. A look
goes on from the moment that the last one reached. What was stored only after it, though it changed before, is
told by the next: each look remembers what it found of the last minutes, and the list's number then.
"""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.text import validate_storable
from config.versioning import Versioned
from experiences.list_index import held
from experiences.models import ListedReport, Situation
from experiences.models.fields import Line, public_id
from experiences.search.filters import FILTERSETS
from practices.list_index.models import ListedPractice

MOST_KEPT = 50  # by one member
LONGEST_QUERY, MOST_PARAMETERS = 4000, 500
LATE = timedelta(minutes=10)  # Longer than any transaction lasts that publishes.
MOST_REMEMBERED = 1000  # results of the last minutes
NOT_KEPT = ("cursor", "page_size", "facets")  # what only says which part of a list is shown
OF_LIKENESS = ("likeness_more", "likeness_without")
OF_ORDER = ("ordering", *OF_LIKENESS)
STOPPING = {"salt": "practices.kept_searches", "sep": ":"}
# Kind → the names of the page of its list and of its list in the API; another kind is added here.
PLACES = {
    "reports": ("experiences:index", "api-experience-list"),
    "practices": ("practices:index", "api-practice-list"),
}


def canonical(query):
    """Return the parameters of a list's address in one form: no empty ones, none that say where in it one is;
    sorted by name. Raises ValidationError where they are none.
    """
    try:
        given = parse_qsl(query.strip().removeprefix("?"), max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise ValidationError(_("These are not the parameters of a list."), code="invalid") from None
    kept = {}
    for name, value in given:
        validate_storable(f"{name}{value}")
        if name not in NOT_KEPT and value not in kept.get(name, ()):
            kept.setdefault(name, []).append(value)
    params = QueryDict(mutable=True)
    for name in sorted(kept):
        if name not in OF_LIKENESS or kept.get("ordering") == ["likeness"]:
            params.setlist(name, kept[name])
    return params.urlencode()


class KeptSearchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return those of `user`: nobody else knows of them."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def following(self, practice):
        """Return those of one practice alone: what they find anew is that it changed."""
        query = urlencode({"practice": practice.slug})
        return self.filter(kind=KeptSearch.Kind.PRACTICES, query=query)

    def open(self):
        """Return those whose feed can be read, by whoever has its address."""
        return self.filter(owner__is_active=True)

    def of_token(self, token):
        """Return the search whose alert `token` stops, or None."""
        try:
            key = Signer(**STOPPING).unsign(token)
        except BadSignature:
            return None
        return self.filter(public_id=key).first()

    def due(self, now):
        """Return those to look into at `now`, and not looked into since, of members who want to be told, by
        e-mail or on the site; the longest wait first.

        At once means: once its list has changed, and once a month has ended, of which more may then be told.
        """
        Alert = KeptSearch.Alert
        at_once = Q(told_until__lt=now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
        models_of = {model.LIST: model for model in (ListedReport, ListedPractice)}
        read = held.read_states(*models_of.values())
        for kind, state in zip(models_of, read.lists, strict=True):
            changed = Q(kind=kind, told_number__lt=state.number)
            at_once |= Q(kind=kind) if state.unnumbered else changed
        due = Q(alert=Alert.AT_ONCE) & at_once
        for alert, pause in KeptSearch.PAUSES.items():
            due |= Q(alert=alert, told_until__lte=now - pause)
        # What is stored of the site is what is not wanted there.
        told = ~Q(owner__notices=User.Notices.NONE) | ~Q(owner__notification_choices__has_key="site:search")
        wanted = self.filter(due, told, told_until__lt=now, owner__is_active=True)
        return wanted.select_related("owner").order_by("told_until", "pk")


class KeptSearch(Versioned):
    """A search that a member keeps."""

    class Kind(models.TextChoices):
        REPORTS = "reports", _("Reports")
        PRACTICES = "practices", _("Practices")

    class Alert(models.TextChoices):
        NONE = "none", _("No e-mail")
        AT_ONCE = "at-once", _("As soon as something is new")
        WEEKLY = "weekly", _("Once a week, if something is new")
        MONTHLY = "monthly", _("Once a month, if something is new")

    LONGEST_NAME = 80
    PAUSES = {Alert.WEEKLY: timedelta(days=7), Alert.MONTHLY: timedelta(days=30)}

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_searches", editable=False
    )
    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    name = Line(
        _("name"),
        max_length=LONGEST_NAME,
        help_text=_("Who has the address of its feed reads this name there."),
    )
    kind = models.CharField(_("list"), max_length=9, choices=Kind.choices)
    query = models.CharField(_("parameters"), max_length=LONGEST_QUERY, blank=True)
    alert = models.CharField(
        _("e-mails about what is new"), max_length=7, choices=Alert.choices, default=Alert.NONE
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)  # by its owner
    mailed_at = models.DateTimeField(null=True, editable=False)
    # How far alerts have told: until which moment, at which number of the list, and [key, microseconds] of
    # what was found of the last minutes before.
    told_until = models.DateTimeField(default=timezone.now, editable=False)
    told_number = models.PositiveBigIntegerField(default=0, editable=False)
    told_lately = models.JSONField(default=list, editable=False)

    objects = KeptSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept search")
        verbose_name_plural = _("kept searches")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["told_until"], condition=~Q(alert="none"), name="kept_search_looked_into_first"
            )
        ]

    def __str__(self):
        return self.name

    def full_clean(self, *args, **kwargs):
        self.name = self.name.strip()
        try:
            self.query = canonical(self.query)
        except ValidationError as refusal:
            raise ValidationError({"query": refusal}) from None
        super().full_clean(*args, **kwargs)

    def clean(self):
        """Refuse what its list would, naming the parameter; and what is kept already."""
        if self.kind not in FILTERSETS:
            return
        try:
            FILTERSETS[self.kind](self.params, AnonymousUser(), situation=Situation())
        except ValidationError as refusal:
            said = [f"{name}: {text}" for name, texts in refusal.message_dict.items() for text in texts]
            raise ValidationError({"query": said}) from None
        same = KeptSearch.objects.filter(owner=self.owner_id, kind=self.kind, query=self.query)
        other = same.exclude(pk=self.pk).first()
        if other:
            text = _("You keep this search already, as “%(name)s”.")
            raise ValidationError(text, code="unique", params={"name": other.name})

    @property
    def followed_slug(self):
        """Return the slug of the one practice that it follows; "" where it is another search."""
        slugs = self.params.getlist("practice")
        is_one = self.kind == self.Kind.PRACTICES and len(slugs) == 1
        return slugs[0] if is_one and self.query == urlencode({"practice": slugs[0]}) else ""

    def get_absolute_url(self):
        """Return the address of its results: of a practice that is followed, its page."""
        if self.followed_slug:
            return reverse("practices:detail", args=[self.followed_slug])
        return self._address(PLACES[self.kind][0])

    # --- What it finds ---------------------------------------------------------------------------

    @property
    def params(self):
        return QueryDict(self.query)

    @property
    def filters(self):
        """Its parameters without those of order, which its reader chooses."""
        params = self.params.copy()
        for name in OF_ORDER:
            params.pop(name, None)
        return params

    @property
    def api_path(self):
        return self._address(PLACES[self.kind][1])

    @property
    def feed_path(self):
        return reverse("feed-search", args=[self.public_id])

    @property
    def stop_path(self):
        """Return where its alert is stopped without signing in."""
        return reverse("stop_alert", args=[Signer(**STOPPING).sign(self.public_id)])

    def _address(self, name):
        return f"{reverse(name)}?{self.query}" if self.query else reverse(name)

    def filterset(self, **how):
        """Return what finds its results, as a visitor may see them. Raises ValidationError where its list
        does not understand it any more.
        """
        found = FILTERSETS[self.kind](self.filters, AnonymousUser(), situation=None, **how)
        # What only meaning finds is no news: it comes and goes with what others tell.
        found.by_words_alone = True
        return found

    @property
    def is_understood(self):
        """Whether its list still takes its parameters: a term may have left the vocabulary."""
        try:
            self.filterset()
        except ValidationError:
            return False
        return True

    # --- What is new in it -----------------------------------------------------------------------

    def look(self, filterset, now):
        """Return (the keys of what is new or changed since the last look, latest first; how far this look
        reached, as columns).
        """
        lately = filterset.changed_between(now - LATE, now)
        known = {tuple(pair) for pair in self.told_lately}
        since = self.told_until - LATE
        if len(known) >= MOST_REMEMBERED:
            since = self.told_until  # Not all is remembered: rather nothing twice.
        found = [pair for pair in filterset.changed_between(since, now) if pair not in known]
        reached = {
            "told_until": now,
            "told_number": filterset.lists_held[0].state.number,
            "told_lately": lately[:MOST_REMEMBERED],
        }
        return [key for key, _moment in found], reached

    def move_on(self, reached, **columns):
        """Write how far a look `reached`; return whether no other worker looked, and nobody changed it,
        meanwhile.
        """
        unmoved = KeptSearch.objects.filter(
            pk=self.pk, told_until=self.told_until, told_number=self.told_number, version=self.version
        )
        return bool(unmoved.update(**reached, **columns))

    def begin_alerts(self):
        """Let alerts tell what is new from now on; return the names of the columns that say so."""
        _found, reached = self.look(self.filterset(), timezone.now())
        for name, value in reached.items():
            setattr(self, name, value)
        return list(reached)

    # --- Verbs -----------------------------------------------------------------------------------

    def can_be_edited_by(self, user):
        return user.is_authenticated and user.pk == self.owner_id

    def write(self, *, by):
        """Keep it, or what was changed of it, as its owner."""
        if self._state.adding:
            self.owner = by
        if not self.can_be_edited_by(by):
            raise PermissionDenied
        with transaction.atomic():
            # Held first: of two kept at once, the second is counted after the first, and compared with it.
            User.objects.select_for_update().get(pk=by.pk)
            self.full_clean()
            if self._state.adding:
                self._refuse_one_too_many()
                self.begin_alerts()
                self.save(force_insert=True)
            else:
                self._write_changes()
        return self

    def _refuse_one_too_many(self):
        if KeptSearch.objects.visible_to(self.owner).count() >= MOST_KEPT:
            text = _(
                "You keep %(most)s searches, as many as one can. Delete one that you no longer need first."
            )
            raise ValidationError(text, code="too_many", params={"most": MOST_KEPT})

    def _write_changes(self):
        names = ["name", "kind", "query", "alert"]
        before = KeptSearch.objects.get(pk=self.pk)
        finds_another = (before.kind, before.query) != (self.kind, self.query)
        if finds_another or (before.alert == self.Alert.NONE != self.alert):
            names += self.begin_alerts()
        self.compare_and_swap(**{name: getattr(self, name) for name in names})

    def note_looked_at(self):
        """Note that its owner looks at its results now."""
        KeptSearch.objects.filter(pk=self.pk).update(looked_at=timezone.now())

    def set_alert(self, alert):
        """Choose when mails come, as whoever holds the address in one of them."""
        if self.alert == alert:
            return
        begun = self.begin_alerts() if self.alert == self.Alert.NONE else []
        columns = {name: getattr(self, name) for name in begun}
        # Whoever changed its name meanwhile does not keep the alert going.
        KeptSearch.objects.filter(pk=self.pk).update(alert=alert, version=F("version") + 1, **columns)
        self.alert = alert
