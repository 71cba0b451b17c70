"""Keywords that authors use often, in the hands of moderators' programs: as on their pages, in JSON."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import CURSOR, NumberedPage, answer_page, page_number, page_shape
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, DAY, SLUGS, TEXT, WHOLE, component, nullable, thing
from config.rest.views import ViewSet
from experiences.api.fields import BYLINE, absolute, address_of
from experiences.models import Experience, FrequentKeyword, GlossaryEntry, Stake
from experiences.models.vocabulary.change import require_editor
from experiences.models.vocabulary.terms import rows_at

ON_A_PAGE = 50
STATES = ("proposed", "dismissed")
LANGUAGES = Experience.Language.values


class Term(fields.Text):
    """The address of a stake or of a word of the trade."""

    def to_internal_value(self, data):
        address = super().to_internal_value(data)
        listed = address.split("/")[0] in (Stake.LIST, GlossaryEntry.LIST)
        found = rows_at(address).first() if listed else None
        if found is None and address:
            text = _("There is no stake and no word of the trade at “%(address)s”.")
            raise serializers.ValidationError(text % {"address": address[:60]}, code="invalid_choice")
        return found


class Languages(serializers.Field):
    """The languages in which a keyword is an everyday word."""

    shape = SLUGS | {"items": TEXT | {"enum": LANGUAGES}}

    def to_internal_value(self, data):
        given = fields.strings(data)
        unknown = [code for code in given if code not in LANGUAGES]
        if unknown:
            raise fields.not_on_list(unknown[0], LANGUAGES)
        return given


class EverydayWordSerializer(Serializer):
    term = Term(default=None, help_text="Such as “stakes/first-steps” or “glossary/lurker”.")
    languages = Languages(default=list)
    needed = ("term", "languages")


@component("FrequentKeyword")
def keyword_shape():
    return thing(
        id=WHOLE,
        url=ADDRESS,
        html_url=ADDRESS,
        name=TEXT,
        reports=WHOLE,
        dismissed_on=nullable(DAY),
        dismissed_by=BYLINE,
    )


def keyword_data(row, context):
    """Return a keyword in JSON: of those who used it, nothing."""
    dismissal = row.dismissal if row.is_dismissed else None
    return {
        "id": row.pk,
        "url": address_of(context, "api-keyword-detail", row.pk),
        "html_url": absolute(context, row.get_absolute_url()),
        "name": row.name,
        "reports": row.reports,
        "dismissed_on": dismissal.at.date().isoformat() if dismissal else None,
        "dismissed_by": {"name": str(dismissal.by)} if dismissal and dismissal.by else None,
    }


class KeywordViewSet(ViewSet):
    """Keywords that many published reports of several authors have: for moderators, who may make everyday
    words of terms of them.
    """

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = EverydayWordSerializer
    lookup_value_regex = "[0-9]{1,15}"
    lookup_description = "The id of the keyword."
    shape = keyword_shape

    def get_queryset(self):
        return FrequentKeyword.objects.visible_to(self.request.user)

    def data_of(self, row):
        return keyword_data(row, self.get_serializer_context())

    @describes(
        answers=page_shape(keyword_shape),
        parameters={"state": "“proposed” (the default) or “dismissed”.", "cursor": CURSOR},
    )
    def list(self, request):
        """Read the keywords that no term is called, the most used first; or those that were dismissed, the
        newest first, as a moderator.
        """
        require_editor(request.user)
        state = request.query_params.get("state", STATES[0])
        if state not in STATES:
            raise ValidationError({"state": _("Choose among: %(allowed)s.") % {"allowed": ", ".join(STATES)}})
        number = page_number(request.query_params.get("cursor", ""))
        rows = list(getattr(FrequentKeyword.objects, state)())
        shown = rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        page = NumberedPage(number, len(rows) > number * ON_A_PAGE, len(rows))
        return answer_page(request, page, list(map(self.data_of, shown)))

    @describes()
    def retrieve(self, request, pk):
        """Read one keyword, as a moderator."""
        require_editor(request.user)
        return Response(self.data_of(self.get_object()))

    @action(detail=True, methods=["post"])
    @describes(takes=EverydayWordSerializer, hides=True)
    def add(self, request, pk):
        """Make it an everyday word of a stake or of a word of the trade, as a moderator."""
        require_editor(request.user)
        return self.answer_with(self.get_object().add_to(by=request.user, **self.read_body()))

    @action(detail=True, methods=["post"])
    @describes()
    def dismiss(self, request, pk):
        """Say that it is no term, as a moderator: it is proposed no more."""
        return self.do("dismiss")

    @action(detail=True, methods=["post"])
    @describes(hides=True)
    def restore(self, request, pk):
        """Take back that it is no term, as a moderator: it is proposed again while it is used often."""
        return self.do("restore")

    def do(self, verb):
        require_editor(self.request.user)
        row = self.get_object()
        self.refuse_body()
        return self.answer_with(getattr(row, verb)(by=self.request.user))
