"""The questions about a report, as one person reads them on its page."""

from experiences.models import Question
from experiences.models.questions import ordered
from experiences.verbs import QUESTION_VERBS


def form_of(question, verb, data=None):
    """Return the form of a verb; its fields are named after the question, as a page shows many."""
    more = {"initial": {"text": question.reply}} if verb == "answer" else {}
    return QUESTION_VERBS[verb].form(data, verb=f"{verb}-{question.public_id}", row=question, **more)


def questions_of(report, user, refusal=None):
    """Return what the page shows of each question, with the forms of what `user` may do about it."""
    rows = list(Question.objects.visible_to(user).filter(report=report).select_related("by"))
    for question in rows:
        question.report = report
    return [_entry(question, user, refusal) for question in ordered(rows)]


def _entry(question, user, refusal):
    offered = {
        name.replace("-", "_"): form_of(question, name) for name in QUESTION_VERBS.offered_to(user, question)
    }
    for name, form in offered.items():
        if refusal is not None and refusal.verb == form.verb:
            offered[name] = refusal
    return {
        "question": question,
        "day": "DATE_FORMAT" if question.tells_days else "YEAR_MONTH_FORMAT",
        "forms": offered,
        "own": question.is_told_by(user),
    }
