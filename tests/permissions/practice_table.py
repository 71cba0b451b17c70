"""Who may do what to a practice, in which state: carol wrote it, chris published it."""

from practices.models import Practice
from tests.factories import make_practice

CURATORS = "carol chris mona"
EVERYONE = "visitor ben carol chris mona"

PRACTICE_SEEN_BY = {
    "draft": CURATORS,
    "in-review": CURATORS,
    "returned": CURATORS,
    "published": EVERYONE,
    "revised": EVERYONE,  # published before; carol is changing its working copy
    "retired": EVERYONE,
    "hidden": CURATORS,  # published; a moderator hid it until more is known
    "taken-down": CURATORS,  # published; a moderator removed it
}
WAS_PUBLIC = "published revised retired hidden taken-down"
PRACTICE_VERBS = {
    # verb: (who, in which states)
    "see": (EVERYONE, f"draft in-review returned {WAS_PUBLIC}"),
    "edit": (CURATORS, "draft returned revised"),
    "cite": (CURATORS, "draft returned revised"),
    "uncite": (CURATORS, "draft returned revised"),
    "revise": (CURATORS, "draft returned revised"),
    "move": (CURATORS, "draft returned revised"),
    "remove": (CURATORS, "draft returned revised"),
    "gather": (CURATORS, "draft returned revised"),
    "put-back": (CURATORS, "draft returned revised"),
    "submit": (CURATORS, "draft returned revised"),
    "return": (CURATORS, "in-review"),
    "publish": ("chris mona", "in-review"),
    "reopen": (CURATORS, "published hidden taken-down"),
    "retire": (CURATORS, "published hidden taken-down"),
    "lower": (CURATORS, f"draft in-review returned {WAS_PUBLIC}"),
    "try": ("ben carol chris mona", "published revised"),
    "comment": (CURATORS, "draft in-review returned revised"),
    "translate": (CURATORS, "published revised"),
    "settle": (CURATORS, f"draft in-review returned {WAS_PUBLIC}"),
    "withhold": ("mona", f"draft in-review returned {WAS_PUBLIC}"),
    "hide": ("mona", "published revised retired"),
    "take-down": ("mona", "published revised retired hidden"),
    "let-stand": ("mona", "hidden taken-down"),
    "take-claim-down": ("mona", WAS_PUBLIC),
    "let-claim-stand": ("mona", ""),  # in none of these states was one removed
}
# Whoever may not edit the working copy now is refused: there is no state to speak of.
OF_WORKING_COPY = ("edit", "cite", "uncite", "revise", "move", "remove", "gather", "put-back")
# Two people: carol's edits keep her from publishing until another has.
EDITED_BY_CAROL = ("draft", "in-review", "returned", "revised")
PRACTICE_WORDS = {
    "return": {"note": "Cite a second report."},
    "retire": {"note": "The platform is gone."},
    "lower": {"reason": "All of it comes from one place."},
    "withhold": {"words": "Announce", "note": "It names someone."},
    "take-down": {"note": "It mocks a member."},
    "take-claim-down": {"note": "It mocks a member."},
    "try": {"verdict": "worked", "line": "We did it in March."},
    "comment": {"text": "Is it so everywhere?"},
    "translate": {"title": "Faites tourner les deux lieux"},
}
CLAIM_ACTS = {
    "cite": lambda claim, by, report: claim.cite(report, by=by, **citation(report)),
    "uncite": lambda claim, by, report: claim.evidence.get().remove(by=by),
    "revise": lambda claim, by, report: claim.revise(by=by, text="Announce it twice."),
    "move": lambda claim, by, report: claim.move(1, by=by),
    "remove": lambda claim, by, report: claim.remove(by=by),
    "take-claim-down": lambda claim, by, report: claim.take_down(by=by, **PRACTICE_WORDS["take-down"]),
    "let-claim-stand": lambda claim, by, report: claim.let_stand(by=by),
}
PRACTICE_ACTS = {
    "submit": Practice.submit,
    "return": Practice.return_to_curators,
    "publish": Practice.publish,
    "reopen": Practice.reopen,
    "retire": Practice.retire,
    "lower": Practice.lower_grade,
    "try": Practice.try_out,
    "comment": Practice.comment,
    "translate": Practice.translate,
    "settle": lambda practice, by: practice.comments.get().settle(by=by),
    "withhold": Practice.withhold_words,
    "hide": Practice.hide,
    "take-down": Practice.remove,
    "let-stand": Practice.allow,
}


def expected_of_practice(state, verb, name):
    who, states = PRACTICE_VERBS[verb]
    if name not in PRACTICE_SEEN_BY[state].split():
        return "unseen"
    if verb == "publish" and name == "carol" and state not in EDITED_BY_CAROL:
        return "state"
    if name not in who.split():
        return "refused"
    if state in states.split():
        return "done"
    return "refused" if verb in OF_WORKING_COPY else "state"


def practice_table(state, verbs, **visitor):
    """Return the table for one state; `visitor` says what a visitor meets at this door."""
    return {
        verb: {name: expected_of_practice(state, verb, name) for name in EVERYONE.split()}
        | ({"visitor": visitor[verb]} if verb in visitor else {})
        for verb in verbs
    }


def practice_in(state, curators, report):
    carol, chris, mona = curators["carol"], curators["chris"], curators["mona"]
    practice = make_practice(carol, reports=[report])
    practice.comment(by=chris, text="Name the size.")
    if state != "draft":
        practice.submit(by=carol)
    if state == "returned":
        practice.return_to_curators(by=chris, **PRACTICE_WORDS["return"])
    if state in WAS_PUBLIC.split():
        practice.publish(by=chris)
    if state == "revised":
        practice.reopen(by=carol).write(by=carol)
    if state == "retired":
        practice.retire(by=chris, **PRACTICE_WORDS["retire"])
    if state == "hidden":
        practice.hide(by=mona)
    if state == "taken-down":
        practice.remove(by=mona, **PRACTICE_WORDS["take-down"])
    unlike = {"revised": "draft", "hidden": "published", "taken-down": "published"}
    assert practice.status == unlike.get(state, state)
    return practice


def citation(report):
    return {"bearing": "nuances", "excerpt": report.result[:20], "note": "In its first month."}
