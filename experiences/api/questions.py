"""Questions about reports, for programs."""

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest import fields, views
from experiences.models import Experience, Question
from experiences.models.questions import PARTS, WHOLE


class AskSerializer(views.Serializer):
    part = fields.Choice([part for part, _label in PARTS], default=WHOLE)
    text = fields.Text()
    identity = fields.Choice(Experience.Identity.values, default=Experience.Identity.WITHHELD)


class AnswerSerializer(views.Serializer):
    text = fields.Text()


class RemoveSerializer(views.Serializer):
    note = fields.Text(default="")


def question_data(question):
    """Return a question with its answer; days are months where a name is withheld."""
    return {
        "id": question.public_id,
        "part": question.part,
        "text": question.text,
        "asked_by": {"name": question.byline} if question.byline else None,
        "asked_on": question.known(question.asked_on),
        "answer": question.reply,
        "answered_on": question.known(question.answered_on),
        "version": question.version,
    }


class QuestionViewSet(views.ViewSet):
    """Questions of readers about published reports."""

    serializer_class = views.Serializer
    lookup_field = "public_id"
    lookup_value_regex = "[a-z0-9]{12}"
    permission_classes = [ScopeAllows]

    def get_queryset(self):
        return Question.objects.visible_to(self.request.user).select_related("report__author", "by")

    @action(detail=True, methods=["post"])
    def answer(self, request, public_id):
        """Answer it, or change one's answer, as the author of the report."""
        question = self.to_act_on()
        return Response(question_data(question.answer(by=request.user, **self.given(AnswerSerializer))))

    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, public_id):
        """Delete it while nobody has answered, as the member who asked."""
        self.nothing_given()
        self.to_act_on().take_back(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def remove(self, request, public_id):
        """Delete it with its answer, as a moderator, with a sentence that says why."""
        self.to_act_on().remove(by=request.user, **self.given(RemoveSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)
