"""The closed lists in the hands of moderators' programs: the verbs of their pages, in JSON."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import answer_all, page_shape
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, SLUGS, TEXT, WHOLE, component, many, thing
from config.rest.verb_actions import serves_verbs
from experiences.api.fields import BYLINE, absolute
from experiences.api.verb_bodies import NoteSerializer
from experiences.models import Competency, Context, Effect, Experience, Facet, GlossaryEntry, Stake, Wording
from experiences.models.fields import PUBLIC_ID_LENGTH
from experiences.models.vocabulary.change import require_editor
from experiences.models.vocabulary.touched import touched_by
from experiences.term_verbs import TERM_VERBS

AT_A_TIME = 25  # reports to tag again, as on the page
MODERATORS = [ScopeAllows, IsAuthenticated]  # Which members, the verb decides.


# --- Words -----------------------------------------------------------------------------------------


class Slug(fields.Text):
    """The slug of a row of `rows`, which are those of a whole list."""

    def __init__(self, rows, **kwargs):
        self.rows = rows
        super().__init__(**kwargs)

    def to_internal_value(self, data):
        slug = super().to_internal_value(data)
        found = {row.slug: row for row in self.rows.all()}
        if slug not in found:
            raise fields.not_on_list(slug, found)
        return found[slug]


class Synonyms(serializers.Field):
    """Everyday words for a term."""

    shape = SLUGS

    def to_internal_value(self, data):
        return "; ".join(word for word in fields.strings(data) if word)


class WordsSerializer(Serializer):
    """Some of the words of a row of `model`: a field for each column that may change, but `without` some."""

    model, without = None, ()

    def get_fields(self):
        names = [name for name in self.model.WORDS if name not in self.without]
        return super().get_fields() | {name: word_field(self.model, name) for name in names}


def word_field(model, name):
    """Return the field for one column of words."""
    column = model._meta.get_field(name)
    if name == "competency":
        return Slug(Competency.objects, required=False)
    if name.startswith("synonyms_"):
        return Synonyms(required=False)
    if name == "position":
        return fields.Whole(required=False)
    return fields.Text(column, required=False)


class StakeWordsSerializer(WordsSerializer):
    model = Stake


class ContextWordsSerializer(WordsSerializer):
    model = Context


class CompetencyWordsSerializer(WordsSerializer):
    model = Competency


class FacetWordsSerializer(WordsSerializer):
    model = Facet


class EffectWordsSerializer(WordsSerializer):
    model = Effect


class WordingWordsSerializer(WordsSerializer):
    model = Wording


class GlossaryEntryWordsSerializer(WordsSerializer):
    model = GlossaryEntry


class NewStakeSerializer(WordsSerializer):
    model, without = Stake, ("position",)
    needed = ("competency", "name_en", "name_fr")


class NewContextSerializer(WordsSerializer):
    facet = Slug(Facet.objects, required=False)
    model, without = Context, ("position",)
    needed = ("facet", "name_en", "name_fr")


# --- Heirs -----------------------------------------------------------------------------------------


def heirs_named(term, slugs):
    """Return the terms that may take the place of `term`, by their slugs; refuse another."""
    found = {heir.slug: heir for heir in term.possible_heirs()}
    unknown = [slug for slug in slugs if slug not in found]
    if unknown:
        text = forms.ChoiceField.default_error_messages["invalid_choice"] % {"value": unknown[0][:60]}
        raise serializers.ValidationError(text, code="invalid_choice")
    return [found[slug] for slug in slugs]


class Heirs(serializers.Field):
    """Slugs of terms of the same list, or facet, that are in use."""

    shape = SLUGS

    def to_internal_value(self, data):
        return heirs_named(self.parent.instance, fields.strings(data))


class Heir(fields.Text):
    def to_internal_value(self, data):
        slug = super().to_internal_value(data)
        return heirs_named(self.parent.instance, [slug])[0] if slug else None


class RetireTermSerializer(NoteSerializer):
    heirs = Heirs(default=list)


class SplitTermSerializer(NoteSerializer):
    heirs = Heirs(default=list)
    needed = ("heirs", "note")


class MergeTermSerializer(NoteSerializer):
    into = Heir(default=None, help_text="The slug of the term that takes its place.")
    needed = ("into", "note")


class RestoreTermSerializer(Serializer):
    note = fields.Text(default="")


def is_public_id(name):
    """Whether `name` may be that of a report; no other is looked up."""
    return len(name) == PUBLIC_ID_LENGTH and name.isascii() and name.isalnum()


class Choices(serializers.Field):
    """{id of a report: slugs of heirs of the term}."""

    shape = {"type": "object", "additionalProperties": SLUGS, "maxProperties": AT_A_TIME}

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("This must be an object."), code="type")
        if len(data) > AT_A_TIME:
            text = _("Choose for at most %(most)s reports at once.") % {"most": AT_A_TIME}
            raise serializers.ValidationError(text, code="too_many")
        heirs = {heir.slug: heir for heir in self.parent.instance.heirs.all()}
        return {name: self._heirs(name, slugs, heirs) for name, slugs in data.items()}

    def _heirs(self, name, slugs, heirs):
        if not is_public_id(name):
            raise serializers.ValidationError({name[:60]: _("This is not the identifier of a report.")})
        slugs = fields.strings(slugs)
        unknown = [slug for slug in slugs if slug not in heirs]
        if unknown:
            raise serializers.ValidationError({name: fields.not_on_list(unknown[0], heirs).detail})
        return [heirs[slug] for slug in slugs]


class ChoicesSerializer(Serializer):
    choices = Choices()


# --- Answers ---------------------------------------------------------------------------------------


@component("TouchedTitle")
def title_shape():
    return thing(title=TEXT, language=TEXT, html_url=ADDRESS)


@component("Touched")
def touched_shape():
    return thing(
        published_reports=WHOLE,
        other_reports=WHOLE,
        practices=WHOLE,
        situations=WHOLE,
        some_reports=many(title_shape),
        some_practices=many(title_shape),
    )


@component("VocabularyChange")
def change_shape():
    details = {"type": "object", "description": "What was written: words before and after, or heirs."}
    return thing(
        at={"type": "string", "format": "date-time"}, by=BYLINE, verb=TEXT, note=TEXT, details=details
    )


@component("ReportToTagAgain")
def to_tag_again_shape():
    return thing(id=TEXT, title=TEXT, status=TEXT, html_url=ADDRESS)


@component("Tagged")
def tagged_shape():
    return thing(tagged=WHOLE)


def title_data(row, title, context):
    return {"title": title, "language": row.language, "html_url": absolute(context, row.get_absolute_url())}


def touched_data(touched, context):
    """Return a Touched in JSON."""
    return {
        "published_reports": touched.published_reports,
        "other_reports": touched.other_reports,
        "practices": touched.practices,
        "situations": touched.situations,
        "some_reports": [title_data(one, one.title, context) for one in touched.reports_shown],
        "some_practices": [title_data(one, one.current.title, context) for one in touched.practices_shown],
    }


def change_data(change):
    return {
        "at": change.at.isoformat(),
        "by": {"name": str(change.by)} if change.by else None,
        "verb": change.verb,
        "note": change.note,
        "details": change.details,
    }


# --- Actions ---------------------------------------------------------------------------------------


class EditableActions:
    """What moderators do to the words of any row."""

    def edit(self, request):
        """Change the words that the body names; what is left out stays."""
        row = self.get_object_to_edit()
        return self.answer_with(row.edit(by=request.user, **self.read_body(row)))

    @action(detail=True, permission_classes=MODERATORS)
    @describes(answers=page_shape(change_shape))
    def history(self, request, **lookup):
        """Read what was done to it, the newest first, as a moderator."""
        require_editor(request.user)
        return answer_all([change_data(change) for change in self.get_object().history])


@serves_verbs(
    TERM_VERBS,
    {
        "retire": RetireTermSerializer,
        "merge": MergeTermSerializer,
        "split": SplitTermSerializer,
        "restore": RestoreTermSerializer,
    },
)
class TermActions(EditableActions):
    """What moderators do to a term besides."""

    @action(detail=True, permission_classes=MODERATORS)
    @describes(answers=touched_shape)
    def preview(self, request, **lookup):
        """Read what has it and would be touched if it were merged, split or retired, as a moderator."""
        require_editor(request.user)
        return Response(touched_data(touched_by(self.get_object()), self.get_serializer_context()))

    @action(detail=True, permission_classes=MODERATORS)
    @describes(answers=page_shape(to_tag_again_shape), parameters={"after": "Go on behind this report."})
    def reports(self, request, **lookup):
        """Read the reports that still have it though it is retired, some at a time, as a moderator."""
        require_editor(request.user)
        waiting = self.waiting(self.get_object()).order_by("public_id")
        after = request.query_params.get("after", "")
        if after and not is_public_id(after):
            raise ValidationError({"after": _("This is not the identifier of a report.")})
        rest = waiting.filter(public_id__gt=after)
        page = list(rest[: AT_A_TIME + 1])
        answer = answer_all([self.report_data(report) for report in page[:AT_A_TIME]])
        answer.data["count"] = waiting.count()
        if len(page) > AT_A_TIME:
            following = f"{request.path}?after={page[AT_A_TIME - 1].public_id}"
            answer.data["next"] = absolute(self.get_serializer_context(), following)
        return answer

    @reports.mapping.post
    @describes(takes=ChoicesSerializer, answers=tagged_shape)
    def tag_again(self, request, **lookup):
        """Tag reports with heirs of a retired term in its place, as a moderator: {id: [slugs]}."""
        term = self.get_object_for_verb()
        named = self.read_body(term)["choices"]
        reports = Experience.objects.visible_to(request.user).filter(public_id__in=named)
        choices = {report: named[report.public_id] for report in reports}
        return Response({"tagged": term.give_heirs(by=request.user, choices=choices)})

    def waiting(self, term):
        """Return the reports that the asker may know of and that still have the retired `term`."""
        reports = Experience.objects.visible_to(self.request.user).to_tag_again(term)
        return reports if term.retired_on else reports.none()

    def report_data(self, report):
        address = absolute(self.get_serializer_context(), report.get_absolute_url())
        return {"id": report.public_id, "title": report.title, "status": report.status, "html_url": address}


class AddableActions:
    """How a term comes on its list; `model` is that of its rows."""

    model = None

    def add(self, request):
        """Put the term that the body describes on its list, once."""

        def create():
            row = self.model(**self.read_body()).add(by=request.user)
            return self.answer_with(row, status.HTTP_201_CREATED)

        return once(request, create)
