"""Alarms about public words of every kind, and the queue in which moderators decide, for programs."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import CURSOR, NumberedPage, answer_page, page_number, page_shape
from config.rest.serializers import Serializer
from config.rest.shapes import SLUGS, TEXT, TRUTH, WHOLE, component, many, one_of, thing
from config.rest.views import ViewSet
from experiences.models import Flag
from experiences.models.flags import UNREAD, raise_flag, require_moderator
from practices.models import Claim
from practices.moderation.kinds import DECISIONS, KINDS, find_for_alarm
from practices.moderation.queue import MANY, MOST_ROWS, counts, decide, many_groups, many_of_one, waiting


class FlagAnythingSerializer(Serializer):
    kind = fields.Choice(KINDS)
    id = fields.Text(
        help_text="The id of what is flagged; of a practice, its slug; of a name, where it is shown: "
        "“report-”, “trial-” or “question-” and the id of that."
    )
    reason = fields.Choice(Flag.Reason.values)
    note = fields.Text(Flag._meta.get_field("note"), default="")
    claim = fields.Whole(default=None, allow_null=True, help_text="Of a practice: the id of one claim.")


@component("Flag")
def flag_shape():
    return thing(kind=one_of(KINDS), id=TEXT, hides=TRUTH)


class FlagViewSet(ViewSet):
    """Alarms about public words."""

    serializer_class = FlagAnythingSerializer
    permission_classes = [ScopeAllows, IsAuthenticated]
    shape = flag_shape

    @describes(takes=FlagAnythingSerializer, code=201, looks_up=True, limit="flags")
    def create(self, request):
        """Raise an alarm about public words of any kind; `hides` says whether they are hidden meanwhile."""
        given = self.read_body()
        kind, row = find_for_alarm(given["kind"], given["id"], request.user)
        if kind is None:
            raise Http404
        part = self.part_of(given["claim"])
        raised = raise_flag(row, by=request.user, reason=given["reason"], note=given["note"], part=part)
        answer = {"kind": kind.name, "id": given["id"], "hides": raised.hides}
        return Response(answer, status=status.HTTP_201_CREATED)

    def part_of(self, claim):
        """Return what names the claim with this id in every version; "" for none, and "-" for one unknown."""
        if claim is None:
            return ""
        return Claim.objects.filter(pk=claim).values_list("lasting_id", flat=True).first() or "-"


class Items(serializers.Field):
    """What to decide on: the ids of lines of the queue."""

    shape = SLUGS | {"maxItems": MOST_ROWS}

    def to_internal_value(self, data):
        return fields.strings(data)


class DecisionSerializer(Serializer):
    items = Items(default=list)
    decision = fields.Choice(DECISIONS, blank=True, default="")
    note = fields.Text(default="")
    needed = ("items", "decision")


@component("Waiting")
def waiting_shape():
    return thing(
        id=TEXT,
        kind=one_of([*KINDS, MANY]),
        words=TEXT,
        claims=many(TEXT) | {"description": "The claims of a practice that it is about; none: all of it."},
        state=TEXT,
        days=WHOLE,
        people=WHOLE,
        reasons=many(one_of([*Flag.Reason.values, UNREAD[0]])),
        notes=many(TEXT),
        html_url=TEXT,
        things=WHOLE,
    )


@component("Decided")
def decided_shape():
    return thing(done=many(TEXT), refused=many(thing(id=TEXT, detail=TEXT)))


def line_data(line, request):
    """Return one line of the queue: never who wrote it, nor who raised the alarms."""
    row = line.row
    return {
        "id": line.name,
        "kind": line.kind.name,
        "words": line.words,
        "claims": line.claims,
        "state": row.moderation if hasattr(row, "moderation") else row.status,
        "days": line.days,
        "people": line.people,
        "reasons": list(dict.fromkeys(flag.reason for flag in line.flags)),
        "notes": line.notes,
        "html_url": request.build_absolute_uri(row.get_absolute_url()),
        "things": 1,
    }


def many_data(one, request):
    """Return the alarms of one member beyond a few, as one line."""
    return {
        "id": one.name,
        "kind": MANY,
        "words": "",
        "claims": [],
        "state": "",
        "days": one.days,
        "people": 1,
        "reasons": [],
        "notes": [],
        "html_url": request.build_absolute_uri("/moderation/"),
        "things": one.number,
    }


class ModerationViewSet(ViewSet):
    """What waits for a moderator."""

    serializer_class = Serializer
    permission_classes = [ScopeAllows, IsAuthenticated]
    shape = waiting_shape

    @describes(
        answers=page_shape(waiting_shape),
        parameters={"kind": "One kind of words.", "cursor": CURSOR},
    )
    def list(self, request):
        """Read what waits for a decision, the longest wait first, as a moderator."""
        require_moderator(request.user)
        kind, number = self.asked(request.query_params)
        lines, more = waiting(request.user, kind, number)
        results = [line_data(line, request) for line in lines]
        numbers = counts()
        count = numbers.get(kind, 0) if kind else sum(numbers.values()) + many_groups().count()
        if not kind and number == 1:
            results += [many_data(one, request) for one in many_of_one(request.user)]
        return answer_page(request, NumberedPage(number, more, count), results)

    def asked(self, params):
        """Return (kind, number of the page) that the address asks for."""
        kind, cursor = params.get("kind", ""), params.get("cursor", "")
        if kind and kind not in KINDS:
            raise ValidationError({"kind": _("Choose among: %(allowed)s.") % {"allowed": ", ".join(KINDS)}})
        return kind, page_number(cursor)

    @action(detail=False, methods=["post"])
    @describes(takes=DecisionSerializer, answers=decided_shape)
    def decide(self, request):
        """Take one decision on several lines, as a moderator; what is refused holds up nothing else."""
        given = self.read_body()
        done, refused = decide(given["items"], given["decision"], by=request.user, note=given["note"])
        told = [{"id": name, "detail": str(why)} for name, why in refused.items()]
        return Response({"done": done, "refused": told})
