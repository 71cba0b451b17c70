"""The kinds of public words: how each is found, what it says, and how a moderator decides on it.

The verbs are those of the models; what a kind does not know is refused in words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiences.models import Experience, FollowUp, Question, ShownName
from practices.models import Practice, Trial

MOST_PLACES = 10  # of each kind, where a name stands
ALLOW, HIDE, REMOVE = "allow", "hide", "remove"
DECISIONS = {ALLOW: _("Let it stand"), HIDE: _("Hide it until more is known"), REMOVE: _("Remove it")}


@dataclass(frozen=True)
class Kind:
    """One kind of public words.

    `key` is the column that names a row in addresses; `related` what a list of them needs; `words(row)`
    what the row says; `language(row)` in which language; `verbs` names the method of each decision.
    """

    name: str
    label: str
    model: type
    words: Callable
    verbs: Callable
    language: Callable = attrgetter("language")
    key: str = "public_id"
    related: tuple = ()

    def key_of(self, row):
        return getattr(row, self.key)

    def visible_to(self, user):
        return self.model.objects.visible_to(user).select_related(*self.related)

    def decide(self, row, decision, *, by, note):
        """Decide on `row` as a moderator; refuse what this kind does not know."""
        verb = self.verbs(row).get(decision)
        if verb is None:
            raise ValidationError(_("This cannot be decided here. Open its page."), code="state")
        return getattr(row, verb)(by=by, note=note)


def of_report(report):
    hidden = report.status == Experience.Status.HIDDEN
    return {ALLOW: "restore" if hidden else "keep", HIDE: "hide", REMOVE: "withdraw"}


def of_line(_row):
    return {ALLOW: "allow", HIDE: "hide", REMOVE: "remove"}


def practice_words(practice):
    return f"{practice.words.title}\n{practice.words.summary}"


def report_words(report):
    return f"{report.title}\n{report.result}"


def question_words(question):
    return f"{question.text}\n{question.reply}".strip()


KINDS = {
    kind.name: kind
    for kind in (
        Kind("report", _("Report"), Experience, report_words, of_report),
        Kind(
            "trial",
            _("Line of a trial"),
            Trial,
            lambda row: f"{row.get_verdict_display()}\n{row.line}",
            of_line,
            related=("practice__current", "by"),
        ),
        Kind(
            "question",
            _("Question and answer"),
            Question,
            question_words,
            of_line,
            related=("report__author", "by"),
        ),
        Kind(
            "follow-up",
            _("Follow-up"),
            FollowUp,
            lambda row: row.text,
            of_line,
            related=("report__author",),
        ),
        Kind(
            "practice",
            _("Practice"),
            Practice,
            practice_words,
            of_line,
            attrgetter("words.language"),
            key="slug",
            related=("current",),
        ),
        # An alarm names it by what it signs (see find_shown_name); the queue, by its own key.
        Kind("name", _("Name shown"), ShownName, lambda row: row.name, of_line, lambda _row: ""),
    )
}


def find(kind, key, user):
    """Return (Kind, row) for what is named so and `user` may read, or (None, None)."""
    known = KINDS.get(kind)
    row = known and known.visible_to(user).filter(**{known.key: key}).first()
    return (known, row) if row is not None else (None, None)


def find_for_alarm(kind, key, user):
    """Return (Kind, row) for what `user` may raise an alarm about, or (None, None)."""
    if kind != "name":
        return find(kind, key, user)
    doubt = find_shown_name(key, user)
    return (KINDS[kind], doubt) if doubt else (None, None)


def find_shown_name(key, user):
    """Return the ShownName under what `key` ("trial-…") names and readers can read; None if it shows none.

    Nobody is named otherwise: where a name is withheld it is as if there were nothing.
    """
    name, _dash, key = key.partition("-")
    signed = {
        "report": lambda: Experience.objects.visible_to(user).published().select_related("author"),
        "trial": lambda: Trial.objects.visible_to(user).shown().select_related("by", "practice"),
        "question": lambda: Question.objects.visible_to(user).shown().select_related("by", "report"),
    }
    row = signed[name]().filter(public_id=key).first() if name in signed else None
    return ShownName.under(row) if row is not None else None


def places_of(doubt):
    """Return what the member of `doubt` signs at the moment with a name, as readers find it."""
    named, member = Experience.Identity.NAMED, doubt.member_id
    if not doubt.member.display_name:
        return []
    return [
        *Experience.objects.published().filter(author=member, identity=named)[:MOST_PLACES],
        *Trial.objects.shown().filter(by=member, identity=named).select_related("practice")[:MOST_PLACES],
        *Question.objects.shown()
        .filter(by=member, identity=named, report__in=Experience.objects.published())
        .select_related("report")[:MOST_PLACES],
    ]
