"""The rule itself: from facts to an Assessment."""

from datetime import date

from practices.grading.assessment import Assessment
from practices.grading.facts import OLD_AFTER, months_between
from practices.grading.ladder import LADDER
from practices.grading.voices import Supporters, contradicting_weight, counting_trials


def assess(facts, trials=(), today=None):
    """Grade what `facts` (one Fact a report) and `trials` (TrialFacts) say, as of `today`."""
    today = today or date.today()
    facts = [fact for fact in facts if fact.bearing != "illuminates"]
    supporting = [fact for fact in facts if fact.supports]
    against = [fact for fact in facts if fact.contradicts]
    agreeing, objecting = counting_trials(trials, facts)
    supporters = Supporters(supporting, agreeing, facts)
    result = Assessment(
        support=supporters.weight,
        contradictions=contradicting_weight(against, objecting),
        supporting_reports=len(supporting),
        supporting_trials=len(agreeing),
        contradicting_reports=len(against),
        contradicting_trials=len(objecting),
        attributed=supporters.attributed,
        contexts=len({fact.context for fact in supporting if fact.context}),
        documented=sum(fact.strength >= 2 for fact in supporting),
        measured=sum(fact.strength >= 3 for fact in supporting),
        compared=sum(fact.strength >= 4 for fact in supporting),
        follow_ups=sum(fact.late_follow_ups for fact in supporting),
        answered=all(fact.answered for fact in against),
    )
    result.flags = list(_flags(result, supporting, facts, trials, today))
    result.code = _climb(result)
    return result


def _climb(result):
    for code, rung in enumerate(LADDER):
        if not all(criterion.met(result) for criterion in rung):
            return code
    return len(LADDER)


def _flags(result, supporting, facts, trials, today):
    if result.contradictions and result.share >= 1 / 3:
        yield "disputed"
    dated = [fact.happened_on for fact in supporting if fact.happened_on]
    if dated and months_between(max(dated), today) > OLD_AFTER:
        yield "ageing"
    if supporting and result.contexts <= 1:
        yield "narrow"
    followed = [*(fact for fact in facts if fact.was_followed), *trials]
    if any(one.verdict == "backfired" for one in followed):
        yield "harm-reported"
