"""Who may do what to a report, in which state: ana wrote it."""

from experiences.models import Experience, Stake
from tests.factories import make_draft

PEOPLE = ("visitor", "ana", "ben", "carol", "mona")  # carol curates, mona moderates

REPORT_SEEN_BY = {
    "draft": "ana",
    "submitted": "ana carol mona",
    "returned": "ana carol mona",
    "published": "visitor ana ben carol mona",
    "withdrawn": "ana carol mona",
    "hidden": "ana mona",
}
REPORT_VERBS = {
    # verb: (who, in which states)
    "see": ("visitor ana ben carol mona", "draft submitted returned published withdrawn hidden"),
    "edit": ("ana", "draft returned published"),
    "submit": ("ana", "draft returned"),
    "discard": ("ana", "draft"),
    "publish": ("carol mona", "submitted"),
    "return": ("carol mona", "submitted"),
    "stakes": ("carol mona", "submitted published"),
    "withdraw": ("ana mona", "published hidden"),
    "flag": ("ben carol mona", "published"),
    "restore": ("mona", "hidden"),
    "keep": ("mona", ""),  # in none of these states does an alarm wait
    "withhold": ("mona", "published hidden"),
    "follow-up": ("ana", "published"),
    "ask": ("ben carol mona", "published"),
    "withdraw-trust": ("mona", "published withdrawn hidden"),
    "give-trust-back": ("mona", ""),  # in none of these states was it withdrawn
    "link": ("carol mona", "submitted returned published withdrawn hidden"),
}
REPORT_WORDS = {
    "return": {"reason": "unclear", "note": "Say when it happened."},
    "stakes": {"stakes": ["chasing-numbers"]},
    "withdraw": {"note": "Our member asked for it."},
    "flag": {"reason": "abuse", "note": "See the second line."},
    "restore": {"note": "Nothing wrong with it."},
    "withhold": {"words": "human contact", "note": "It names someone."},
    "follow-up": {"verdict": "worked", "text": "It still holds."},
    "ask": {"text": "Who ran both?", "part": "action", "identity": "withheld"},
    "withdraw-trust": {"note": "It names a client again."},
}


def set_stakes(report, *, by, stakes):
    return report.set_stakes(by=by, stakes=list(Stake.objects.filter(slug__in=stakes)))


REPORT_ACTS = {
    "submit": Experience.submit,
    "discard": Experience.discard,
    "publish": Experience.publish,
    "return": Experience.return_to_author,
    "stakes": set_stakes,
    "withdraw": Experience.withdraw,
    "flag": Experience.flag,
    "restore": Experience.restore,
    "keep": Experience.keep,
    "withhold": Experience.withhold_words,
    "follow-up": Experience.follow_up,
    "ask": Experience.ask,
    "withdraw-trust": Experience.withdraw_trust,
    "give-trust-back": Experience.give_trust_back,
}


def expected_of_report(state, verb, name):
    who, states = REPORT_VERBS[verb]
    if name not in REPORT_SEEN_BY[state].split():
        return "unseen"
    if name not in who.split():
        return "refused"
    if state in states.split():
        return "done"
    # Whoever may not edit now is refused: there is no verb, and so no state to speak of.
    return "refused" if verb == "edit" else "state"


def report_table(state, verbs, **instead):
    """Return the table for one state; `instead` says what a visitor meets at this door."""
    return {
        verb: {name: expected_of_report(state, verb, name) for name in PEOPLE}
        | ({"visitor": instead[verb.replace("-", "_")]} if verb.replace("-", "_") in instead else {})
        for verb in verbs
    }


def report_in(state, people):
    ana, carol = people["ana"], people["carol"]
    report = make_draft(ana)
    if state != "draft":
        report.submit(by=ana)
    if state == "returned":
        report.return_to_author(by=carol, **REPORT_WORDS["return"])
    if state in ("published", "withdrawn", "hidden"):
        report.publish(by=carol)
    if state == "withdrawn":
        report.withdraw(by=ana, **REPORT_WORDS["withdraw"])
    if state == "hidden":
        report.flag(by=carol, **REPORT_WORDS["flag"])
    assert report.status == state
    return report
