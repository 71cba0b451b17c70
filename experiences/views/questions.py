"""The questions about a report, as one person reads them on its page."""

from django.utils.translation import gettext as _

from experiences import forms
from experiences.models import Question
from experiences.models.questions import ordered

# verb: (what it does, the form of its words)
VERBS = {
    "answer": (Question.answer, forms.AnswerForm),
    "take-back": (Question.take_back, forms.VerbForm),
    "remove": (Question.remove, forms.NoteForm),
}


def form_of(question, verb, data=None):
    """Return the form of a verb; its fields are named after the question, as a page shows many."""
    more = {"initial": {"text": question.reply}} if verb == "answer" else {}
    return VERBS[verb][1](data, verb=f"{verb}-{question.public_id}", **more)


def questions_of(report, user, refusal=None):
    """Return what the page shows of each question, with the forms of what `user` may do about it."""
    rows = list(Question.objects.visible_to(user).filter(report=report).select_related("by"))
    for question in rows:
        question.report = report
    return [asked(question, report, user, refusal) for question in ordered(rows)]


def asked(question, report, user, refusal):
    offered = {verb.replace("-", "_"): form_of(question, verb) for verb in open_verbs(question, report, user)}
    for name, form in offered.items():
        if refusal is not None and refusal.verb == form.verb:
            offered[name] = refusal
    return {
        "question": question,
        "day": "DATE_FORMAT" if question.tells_days else "YEAR_MONTH_FORMAT",
        "forms": offered,
    }


def open_verbs(question, report, user):
    """Yield the verbs whose buttons this person sees; the verbs themselves decide again."""
    if not user.is_authenticated:
        return
    if user == report.author:
        yield "answer"
    if question.by_id == user.pk and question.answered_on is None:
        yield "take-back"
    if question.can_be_removed_by(user):
        yield "remove"


def done(verb):
    return {
        "answer": _("Your answer is published."),
        "take-back": _("Your question is taken back."),
        "remove": _("The question is removed."),
    }[verb]
