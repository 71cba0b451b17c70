"""Questions about reports, for programs."""

from accounts.api.authentication import ScopeAllows
from config.rest import fields
from config.rest.serializers import Serializer
from config.rest.shapes import DAY_OR_MONTH, TEXT, WHOLE, component, nullable, one_of, properties_of, thing
from config.rest.verb_actions import serves_verbs
from config.rest.views import ViewSet
from experiences.api.checked import Checked
from experiences.api.fields import BYLINE
from experiences.api.verb_bodies import NoteSerializer
from experiences.models import Experience, Question
from experiences.models.questions import PARTS
from experiences.models.questions import WHOLE as WHOLE_REPORT
from experiences.verbs import QUESTION_VERBS


class QuestionSerializer(Checked, Serializer):
    part = fields.Choice([part for part, _label in PARTS], default=WHOLE_REPORT)
    text = fields.Text(Question._meta.get_field("text"))
    identity = fields.Choice(Experience.Identity.values, default=Experience.Identity.WITHHELD)


class AnswerSerializer(Checked, Serializer):
    text = fields.Text(Question._meta.get_field("reply"))

    def held(self, name):
        return self.instance.reply


def question_data(question):
    """Return a question with its answer; days are months where a name is withheld."""
    return {
        "id": question.public_id,
        "moderation": question.moderation,
        "part": question.part,
        "text": question.text,
        "asked_by": {"name": question.byline} if question.byline else None,
        "asked_on": question.known(question.asked_on),
        "answer": question.reply,
        "answered_on": question.known(question.answered_on),
        "version": question.version,
    }


@component("Question")
def question_shape():
    asked, answered = properties_of(QuestionSerializer), properties_of(AnswerSerializer)
    return thing(
        id=TEXT,
        moderation=one_of(Question.Moderation.values),
        part=asked["part"],
        text=asked["text"],
        asked_by=BYLINE,
        asked_on=DAY_OR_MONTH,
        answer=answered["text"],
        answered_on=nullable(DAY_OR_MONTH),
        version=WHOLE,
    )


@serves_verbs(
    QUESTION_VERBS,
    {"answer": AnswerSerializer, "remove": NoteSerializer},
    deletes=("take-back", "remove"),
)
class QuestionViewSet(ViewSet):
    """Questions of readers about published reports."""

    serializer_class = Serializer
    shape = question_shape
    lookup_field = "public_id"
    lookup_value_regex = "[a-z0-9]{12}"
    lookup_description = "The id of the question: 12 characters."
    permission_classes = [ScopeAllows]

    def get_queryset(self):
        return Question.objects.visible_to(self.request.user).select_related("report__author", "by")

    def data_of(self, row):
        return question_data(row)
