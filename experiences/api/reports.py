"""Field reports, for programs."""

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from config.rest.operations import describes
from config.rest.pages import CURSOR, answer_all, answer_page, page_shape
from config.rest.permissions import ReadOrEdit
from config.rest.verb_actions import serves_verbs
from config.rest.views import ViewSet
from experiences.api.filters import KnownByState, answer_list, report_parameters
from experiences.api.follow_ups import FollowUpSerializer, follow_up_shape
from experiences.api.questions import QuestionSerializer, question_data, question_shape
from experiences.api.redaction import Withholding
from experiences.api.revisions import revision_data, revision_shape
from experiences.api.serializers import (
    ExperienceSerializer,
    experience_item_shape,
    experience_shape,
    stored_items,
)
from experiences.api.verb_bodies import (
    FlagSerializer,
    LinkSerializer,
    NoteSerializer,
    OptionalNoteSerializer,
    ReturnSerializer,
    StakesSerializer,
    WithholdSerializer,
)
from experiences.list_index.items import follow_up_data
from experiences.models import Experience, Question
from experiences.models.questions import ordered
from experiences.search.pagination import keyset_page
from experiences.search.reports import ReportFilterSet, page_validator
from experiences.verbs import VERBS


@serves_verbs(
    VERBS,
    {
        "return": ReturnSerializer,
        "stakes": StakesSerializer,
        "restore": OptionalNoteSerializer,
        "keep": OptionalNoteSerializer,
        "withhold": WithholdSerializer,
        "withdraw": NoteSerializer,
        "withdraw-trust": NoteSerializer,
        "give-trust-back": OptionalNoteSerializer,
        "link": LinkSerializer,
        "flag": FlagSerializer,
    },
    deletes=("discard",),
    hides=("flag",),  # Whoever is neither its author nor a moderator sees a hidden report no more.
)
class ExperienceViewSet(Withholding, KnownByState, ViewSet):
    """Field reports."""

    serializer_class = ExperienceSerializer
    shape = experience_shape
    filterset, row_state = ReportFilterSet, staticmethod(page_validator)
    lookup_field = "public_id"
    lookup_value_regex = "[a-z0-9]{12}"
    lookup_description = "The id of the report: 12 characters."
    permission_classes = [ScopeAllows, ReadOrEdit]

    def get_queryset(self):
        return Experience.objects.visible_to(self.request.user).for_detail()

    @describes(answers=page_shape(experience_item_shape, searched=True), parameters=report_parameters)
    def list(self, request):
        """Find published reports."""
        filterset = ReportFilterSet(request.query_params, user=request.user)
        return answer_list(request, filterset, stored_items)

    def retrieve(self, request, public_id):
        """Read a report."""
        return self.answer_row(request, public_id=public_id)

    @describes(takes=ExperienceSerializer, code=201)
    def create(self, request):
        """Write a draft; sending it is another step."""
        return once(request, self.create_and_answer)

    @describes(takes=ExperienceSerializer)
    def update(self, request, public_id, partial=False):
        """Change a report; a field left out keeps its value."""
        return self.update_and_answer(partial)

    @describes(takes=ExperienceSerializer)
    def partial_update(self, request, public_id):
        """Change some fields of a report."""
        return self.update(request, public_id, partial=True)

    @action(detail=True, permission_classes=[ScopeAllows], url_path="follow-ups")
    @describes(answers=page_shape(follow_up_shape))
    def follow_ups(self, request, public_id):
        """Read what has become of it."""
        report = self.get_object()
        return answer_all([follow_up_data(row, report) for row in report.follow_ups_for(request.user)])

    @follow_ups.mapping.post
    @describes(takes=FollowUpSerializer, answers=follow_up_shape, code=201)
    def follow_up(self, request, public_id):
        """Tell what has become of it, as its author."""
        report = self.get_object()

        def create():
            row = report.follow_up(by=request.user, **self.read_body(report))
            return Response(follow_up_data(row, report), status=status.HTTP_201_CREATED)

        return once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    @describes(answers=page_shape(question_shape))
    def questions(self, request, public_id):
        """Read what readers asked, and what the author answered."""
        known = Question.objects.visible_to(request.user).filter(report=self.get_object())
        rows = ordered(known.select_related("by", "report"))
        return answer_all([question_data(row) for row in rows])

    @questions.mapping.post
    @describes(takes=QuestionSerializer, answers=question_shape, code=201, limit="questions")
    def ask(self, request, public_id):
        """Ask the author something, about the report or a part of it."""
        report = self.get_object()

        def create():
            question = report.ask(by=request.user, **self.read_body(report))
            return Response(question_data(question), status=status.HTTP_201_CREATED)

        return once(request, create)

    @action(detail=True, permission_classes=[ScopeAllows])
    @describes(answers=page_shape(revision_shape), parameters={"cursor": CURSOR})
    def revisions(self, request, public_id):
        """Read what it said since it was published, the newest first; its author and curators, what
        was sent too.
        """
        known = self.get_object().revisions.visible_to(request.user)
        page = keyset_page(known, ["-number"], request.query_params.get("cursor", ""), 25)
        page.count = known.count()
        return answer_page(request, page, [revision_data(row, request.user) for row in page.rows])
