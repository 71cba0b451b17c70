"""The queue of moderators: all that waits for a decision, one line for each thing, the longest wait first.

What one member flagged beyond a few is one line together: many alarms of one person are one alarm.
"""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from experiences.models import Flag
from experiences.models.flags import require_moderator
from practices.models import Claim
from practices.moderation.kinds import ALLOW, DECISIONS, KINDS, Kind, find

MOST_ROWS = 50
MOST_TOLD = 20  # of the things on the line of one member
MANY = "many"  # The kind, among addresses, of all that one member flagged beyond a few.


@dataclass
class Line:
    """One thing that waits: what it is, and what is said against it."""

    kind: Kind
    row: object
    days: int
    people: int
    flags: list = field(default_factory=list)
    claims: list = field(default_factory=list)  # the sentences of a practice that an alarm is about

    @property
    def name(self):
        return f"{self.kind.name}:{self.kind.key_of(self.row)}"

    @property
    def words(self):
        return self.kind.words(self.row)

    @property
    def language(self):
        return self.kind.language(self.row)

    @property
    def reasons(self):
        return list(dict.fromkeys(flag.get_reason_display() for flag in self.flags))

    @property
    def notes(self):
        return [flag.note for flag in self.flags if flag.note]

    @property
    def page_url(self):
        """Where it stands; of a report, where the alarms are told in full."""
        address = self.row.get_absolute_url()
        return f"{address}#flags" if self.kind.name == "report" else address

    @property
    def withhold_url(self):
        """Where words are withheld in it, and all around it: on the page of its report or practice."""
        if self.kind.name in ("practice", "trial"):
            practice = self.row if self.kind.name == "practice" else self.row.practice
            return reverse("practices:withhold", args=[practice.slug])
        report = self.row if self.kind.name == "report" else getattr(self.row, "report", None)
        known = report is not None and self.kind.name in ("report", "question", "follow-up")
        return f"{report.get_absolute_url()}#withhold" if known else ""

    @property
    def state(self):
        row = self.row
        return row.get_moderation_display() if hasattr(row, "moderation") else row.get_status_display()


@dataclass
class Many:
    """The alarms of one member beyond a few, which hide nothing."""

    first: Flag
    number: int
    days: int
    lines: list

    @property
    def name(self):
        return f"{MANY}:{self.first.pk}"


def days_since(moment):
    return (timezone.now() - moment).days


def type_of(kind):
    return ContentType.objects.get_for_model(kind.model)


def waiting(user, kind="", page=1):
    """Return (lines, whether more follow) of one page of the queue, but for words of the moderator's own."""
    require_moderator(user)
    first = (page - 1) * MOST_ROWS
    groups = grouped(kind)[first : first + MOST_ROWS + 1]
    return lines_of(groups[:MOST_ROWS], user), len(groups) > MOST_ROWS


def grouped(kind=""):
    """Return {content_type, object_id, since, people} of each thing that waits, the longest wait first."""
    found = Flag.objects.open().filter(is_one_of_many=False)
    if kind:
        found = found.filter(content_type=type_of(KINDS[kind]))
    found = found.values("content_type", "object_id")
    found = found.annotate(since=Min("at"), people=Count("by", distinct=True))
    return found.order_by("since", "content_type", "object_id")


def lines_of(groups, user):
    """Return the Lines of `groups`; as many queries for many as for few."""
    groups = list(groups)
    kinds = {type_of(kind).pk: kind for kind in KINDS.values()}
    keys = {}
    for group in groups:
        keys.setdefault(group["content_type"], []).append(group["object_id"])
    rows = {
        (number, row.pk): row
        for number, kind in kinds.items()
        if number in keys
        for row in kind.visible_to(user).filter(pk__in=keys[number])
    }
    against = {}
    every = [key for some in keys.values() for key in some]
    flags = Flag.objects.open().filter(content_type__in=list(keys), object_id__in=every)
    for flag in flags.order_by("at"):
        against.setdefault((flag.content_type_id, flag.object_id), []).append(flag)
    lines = []
    for group in groups:
        place = (group["content_type"], group["object_id"])
        row = rows.get(place)
        if row is not None and not row.is_told_by(user):
            flagged = against.get(place, [])
            line = Line(kinds[place[0]], row, days_since(group["since"]), group["people"], flagged)
            lines.append(line)
    add_claims(lines)
    return lines


def add_claims(lines):
    """Give each line the sentences, as readers read them now, that its alarms name."""
    named = {flag.part for line in lines for flag in line.flags if flag.part}
    found = {}
    for claim in Claim.objects.filter(lasting_id__in=named, version=F("practice__current")):
        found[claim.practice_id, claim.lasting_id] = claim.text
    for line in lines:
        parts = dict.fromkeys(flag.part for flag in line.flags if flag.part)
        line.claims = [found[line.row.pk, part] for part in parts if (line.row.pk, part) in found]


def counts():
    """Return {kind: how many things wait}, for all kinds that have any."""
    numbers = {}
    things = Flag.objects.open().filter(is_one_of_many=False).values("content_type", "object_id").distinct()
    for thing in things.order_by():
        numbers[thing["content_type"]] = numbers.get(thing["content_type"], 0) + 1
    found = {kind.name: numbers.get(type_of(kind).pk, 0) for kind in KINDS.values()}
    return {name: number for name, number in found.items() if number}


def number_waiting():
    """Return how many lines the queue has."""
    return sum(counts().values()) + many_groups().count()


def many_groups():
    found = Flag.objects.open().filter(is_one_of_many=True, by__isnull=False).values("by")
    return found.annotate(first=Min("pk"), since=Min("at"), number=Count("pk")).order_by("since")


def many_of_one(user):
    """Return the Many of each member who raised more alarms than a few."""
    groups = list(many_groups()[:MOST_ROWS])
    flags = Flag.objects.open().filter(is_one_of_many=True, by__in=[group["by"] for group in groups])
    by_member = {}
    for flag in flags.order_by("pk")[: MOST_ROWS * MOST_TOLD]:
        by_member.setdefault(flag.by_id, []).append(flag)
    told = [flag for some in by_member.values() for flag in some[:MOST_TOLD]]
    things = [
        {"content_type": one.content_type_id, "object_id": one.object_id, "since": one.at, "people": 1}
        for one in told
    ]
    lines = {(type_of(line.kind).pk, line.row.pk): line for line in lines_of(things, user)}
    found = []
    for group in groups:
        places = [(one.content_type_id, one.object_id) for one in by_member.get(group["by"], [])[:MOST_TOLD]]
        about = [lines[place] for place in places if place in lines]
        found.append(Many(Flag(pk=group["first"]), group["number"], days_since(group["since"]), about))
    return found


# --- Deciding --------------------------------------------------------------------------------------


def decide(names, decision, *, by, note=""):
    """Take one decision on each of `names` ("kind:key"); return (what was done, {name: why it was not}).

    Each is a transaction of its own: what is refused holds nothing else up.
    """
    require_moderator(by)
    if decision not in DECISIONS:
        raise ValidationError({"decision": ValidationError(_("Choose a decision."), code="required")})
    if not names:
        raise ValidationError({"items": ValidationError(_("Choose what to decide on."), code="required")})
    if len(names) > MOST_ROWS:
        raise ValidationError({"items": ValidationError(_("Decide on fewer at once."), code="too_many")})
    if decision == "remove" and not note.strip():
        refusal = ValidationError(_("Say in a sentence why it is removed."), code="required")
        raise ValidationError({"note": refusal})
    done, refused = [], {}
    for name in dict.fromkeys(names):
        try:
            decide_one(name, decision, by=by, note=note)
        except PermissionDenied:
            refused[name] = _("Nobody decides on their own words.")
        except ValidationError as error:
            refused[name] = " ".join(error.messages)
        else:
            done.append(name)
    return done, refused


def decide_one(name, decision, *, by, note):
    kind, _colon, key = name.partition(":")
    if kind == MANY:
        return set_aside(key, decision)
    known, row = find(kind, key, by)
    if known is None:
        raise ValidationError(_("It is not there any more."), code="gone")
    return known.decide(row, decision, by=by, note=note)


def set_aside(key, decision):
    """Settle the alarms that one member raised beyond a few: nothing is hidden, and nothing is let stand."""
    first = Flag.objects.open().filter(pk=int(key)).first() if key.isdecimal() and len(key) < 16 else None
    if first is None or not first.is_one_of_many:
        raise ValidationError(_("It is not there any more."), code="gone")
    if decision != ALLOW:
        raise ValidationError(_("Open what you want to hide or remove, one by one."), code="state")
    Flag.objects.open().filter(is_one_of_many=True, by=first.by_id).update(settled_at=timezone.now())
