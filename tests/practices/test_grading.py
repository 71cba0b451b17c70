"""The grade, rule version 2, as a pure function of facts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices import grading
from practices.grading import Fact, TrialFact, assess
from practices.grading.following import Followed

TODAY = date(2026, 6, 1)
RECENT = date(2026, 1, 1)
PLACES = [frozenset({("audience", name)}) for name in ("internal", "external", "mixed")]


def fact(number=1, bearing="supports", **overrides):
    """Make what one report says, by an author and an organisation of its own."""
    fields = {"author": number, "organisation": f"Org {number}", "context": PLACES[number % 3]}
    return Fact(bearing, **(fields | {"happened_on": RECENT} | overrides))


def voices(count, **overrides):
    return [fact(number, **overrides) for number in range(1, count + 1)]


def grade(facts, trials=()):
    return assess(facts, trials, TODAY).code


def test_nothing_is_an_idea():
    assert grade([]) == 0


def test_one_support_is_a_lone_voice():
    assert grade(voices(1)) == 1


def test_what_illuminates_counts_nothing():
    assert grade(voices(5, bearing="illuminates")) == 0


def test_a_nuance_is_support():
    assert grade(voices(1, bearing="nuances")) == 1


def test_two_supports_are_echoed_once_one_is_documented():
    assert grade(voices(2)) == 1
    assert grade([fact(1), fact(2, strength=2)]) == 2


def test_convergence_needs_four_voices_two_contexts_and_a_measure():
    four = [*voices(3), fact(4, strength=3)]
    assert grade(four) == 3
    assert grade(voices(4, strength=2)) == 2
    assert grade([fact(number, strength=3, context=PLACES[0]) for number in range(4)]) == 2
    assert grade(four[1:]) == 2


def test_convergence_needs_three_organisations_or_authors():
    named = [fact(1, strength=3), fact(2)]
    events = [fact(3, author=None, organisation="", event=number) for number in (1, 2)]
    assert assess(named + events, (), TODAY).attributed == 2
    assert grade(named + events) < 3


def test_a_third_of_contradictions_stops_convergence_and_is_disputed():
    four = [*voices(3), fact(4, strength=3)]
    one = [fact(10, bearing="contradicts")]
    two = [*one, fact(11, bearing="contradicts")]
    assert grade(four + one) == 3
    assert grade(four + two) == 2
    assert "disputed" in assess(four + two, (), TODAY).flags
    assert "disputed" not in assess(four + one, (), TODAY).flags


def founded():
    return [fact(number, strength=3, late_follow_ups=number < 3) for number in range(1, 9)]


def test_well_founded_needs_everything():
    assert grade(founded()) == 4
    assert grade(founded()[:7]) == 3
    assert grade([fact(number, strength=3) for number in range(1, 9)]) == 3


def test_well_founded_wants_every_contradiction_answered():
    assert grade([*founded(), fact(20, bearing="contradicts")]) == 3
    assert grade([*founded(), fact(20, bearing="contradicts", answered=True)]) == 4


def test_one_compared_report_is_worth_three_measured_ones():
    told = [fact(number, late_follow_ups=1) for number in range(1, 8)]
    assert grade([*told, fact(8, strength=3)]) == 3
    assert grade([*told, fact(8, strength=4)]) == 4


@pytest.mark.parametrize("shared", [{"organisation": "Acme"}, {"author": 7}, {"event": 9}])
def test_one_organisation_author_or_event_is_one_voice(shared):
    assert assess(voices(3, **shared), (), TODAY).support == 1


def test_reports_of_nobody_are_one_voice_together():
    assert assess([fact(n, author=None, organisation="") for n in (1, 2, 3)], (), TODAY).support == 1


def test_a_chain_of_author_and_organisation_is_one_voice():
    chain = [fact(1), fact(1, organisation="Org 2"), fact(3, organisation="Org 2")]
    assert assess(chain, (), TODAY).support == 1


def test_a_trial_counts_half_and_at_most_two_count():
    trials = [TrialFact("worked", author=number) for number in range(100, 105)]
    assert assess([], trials, TODAY).support == 1
    assert assess([], trials[:1], TODAY).support == 0.5


def test_contradicting_trials_count_first():
    trials = [TrialFact("worked", 1), TrialFact("no-effect", 2), TrialFact("abandoned", 3)]
    assert assess([], trials, TODAY).contradictions == 1
    assert assess([], trials, TODAY).support == 0


def test_a_trial_by_someone_who_reported_does_not_count_again():
    assert assess([fact(1)], [TrialFact("worked", author=1)], TODAY).support == 1


def test_a_trial_counts_apart_from_a_report_unless_both_are_signed():
    signed, withheld = fact(1), fact(1, withheld=True)
    assert assess([withheld], [TrialFact("worked", 1)], TODAY).support == 1.5
    assert assess([signed], [TrialFact("worked", 1, withheld=True)], TODAY).support == 1.5
    assert assess([signed], [TrialFact("worked", 1)], TODAY).support == 1


def test_a_trial_does_not_count_beside_the_report_that_it_openly_grew_into():
    grown = fact(1, withheld=True, report=7)
    assert assess([grown], [TrialFact("worked", 1, withheld=True, report=7)], TODAY).support == 1
    against = fact(1, "contradicts", withheld=True, report=7)
    assert assess([against], [TrialFact("no-effect", 1, withheld=True, report=7)], TODAY).contradictions == 1


def test_trials_that_withhold_a_name_count_by_their_number():
    assert assess([], [TrialFact("worked", withheld=True)] * 3, TODAY).support == 1
    assert assess([fact(1, author=None, organisation="")], [TrialFact("worked")], TODAY).support == 1.5


# --- Reports that withhold their author's name -------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "weight"), [(0, 0), (1, 1), (2, 1.5), (3, 2), (4, 2.5), (5, 3), (6, 3), (60, 3)]
)
@pytest.mark.parametrize(("bearing", "side"), [("supports", "support"), ("contradicts", "contradictions")])
def test_reports_that_withhold_a_name_count_by_their_number(number, weight, bearing, side):
    facts = [fact(1, bearing, withheld=True, strength=strength) for strength in range(number)]
    assert getattr(assess(facts, (), TODAY), side) == weight


def test_all_that_withhold_a_name_are_one_organisation_or_author():
    assert assess(voices(4, withheld=True), (), TODAY).attributed == 1
    assert assess([*voices(4, withheld=True), fact(9)], (), TODAY).attributed == 2


def test_a_report_that_withholds_a_name_is_joined_by_its_event_alone():
    told = [fact(1, event=3), fact(2, withheld=True, event=3), fact(3, withheld=True, event=4)]
    assert assess(told, (), TODAY).support == 2
    assert assess(told[1:], (), TODAY).support == 1.5
    against = [fact(number, "contradicts", withheld=number > 1, event=3) for number in (1, 2, 3)]
    assert assess(against, (), TODAY).contradictions == 1


# --- What was followed, and what it brought ----------------------------------------------------------


@pytest.mark.parametrize("verdict", ["backfired", "no-effect", "abandoned"])
def test_a_nuance_from_what_was_done_and_failed_counts_neither_way(verdict):
    told = [fact(1, "nuances", verdict=verdict, followed="in-part")]
    assert (assess(told, (), TODAY).support, assess(told, (), TODAY).contradictions) == (0, 0)
    assert grade([fact(1, "nuances", verdict=verdict, followed="not-followed")]) == 1
    assert grade([fact(1, "nuances", verdict="worked", followed="in-part")]) == 1


def test_harm_is_reported_by_those_who_followed_it_alone():
    harmed = {"verdict": "backfired"}
    assert "harm-reported" in assess([fact(1, **harmed)], (), TODAY).flags
    assert "harm-reported" not in assess([fact(1, **harmed, followed="not-followed")], (), TODAY).flags
    assert "harm-reported" in assess([], [TrialFact("backfired", 1)], TODAY).flags


def test_doubt_is_not_made_less_by_one_who_links_two_others():
    two = [fact(1, "contradicts", organisation="Acme"), fact(2, "contradicts", event=5)]
    third = fact(3, "contradicts", organisation="Acme", event=5)
    assert assess(two, (), TODAY).contradictions == 2
    assert assess([*two, third], (), TODAY).contradictions == 2


@pytest.mark.parametrize("sided", ["supports", "contradicts"])
def test_sixty_of_one_organisation_are_told_apart_in_no_time(sided):
    many = [fact(number, sided, organisation="Acme", event=number % 7) for number in range(60)]
    result = assess(many, (), TODAY)
    assert result.support + result.contradictions == 1


def test_what_speaks_is_said_in_words():
    facts = [*voices(3), fact(4, withheld=True), fact(5, "contradicts"), fact(6, "contradicts")]
    said = assess(facts, [TrialFact("worked", 30)], TODAY).reasons
    assert said[0] == "4 reports and 1 trial, from 4 organisations or authors, support it."
    assert said[1] == "2 reports contradict it."
    assert assess([], (), TODAY).reasons == ["No report supports it yet.", "None contradicts it."]
    assert not any("." in one.rstrip(".") for one in said), "a half voice"


def test_too_early_is_no_trial():
    result = assess([], [TrialFact("too-early", 1)], TODAY)
    assert (result.support, result.contradictions) == (0, 0)


def test_a_trial_turned_into_a_report_that_contradicts_makes_no_room_for_another():
    facts = [fact(1, strength=2)]
    trials = [TrialFact("no-effect", 50), TrialFact("worked", 51), TrialFact("worked", 52)]
    assert grade([*facts, fact(50, bearing="contradicts")], trials) <= grade(facts, trials)


@pytest.mark.parametrize(
    ("facts", "flag"),
    [
        ([fact(1, happened_on=date(2023, 5, 1))], "ageing"),
        (voices(3, context=PLACES[0]), "narrow"),
        ([fact(1), fact(2, bearing="contradicts", verdict="backfired")], "harm-reported"),
    ],
)
def test_a_flag_says_what_to_beware_of(facts, flag):
    result = assess(facts, (), TODAY)
    assert flag in result.flags
    assert str(grading.FLAG_SENTENCES[flag]()) in [str(reason) for reason in result.reasons]


def test_thirty_six_months_are_not_yet_old():
    assert "ageing" not in assess([fact(1, happened_on=date(2023, 6, 1))], (), TODAY).flags


def test_what_is_missing_is_said_until_the_top():
    assert assess([], (), TODAY).next
    assert assess(founded(), (), TODAY).next == []
    assert any("2 more independent reports" in text for text in assess(voices(2, strength=2), (), TODAY).next)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (voices(1), ["1 independent voice fewer that supports it."]),
        (
            voices(3, strength=2),
            [
                "2 independent voices fewer that support it.",
                "No report left in its support that shows a source.",
            ],
        ),
        (
            [*voices(3), fact(4, strength=3)],
            [
                "1 independent voice fewer that supports it.",
                "No report left in its support that is measured.",
                "Support from fewer than 3 organisations or authors.",
                "Support from fewer than 2 contexts.",
                "2 more independent voices that contradict it.",
            ],
        ),
    ],
)
def test_what_would_lower_the_grade_is_said(facts, said):
    assert assess(facts, (), TODAY).lower == said
    assert assess([], (), TODAY).lower == []


def test_the_highest_grade_would_fall_for_all_that_holds_it():
    said = assess(founded(), (), TODAY).lower
    assert len(said) == len(grading.LADDER[-1]) + 1  # a third of contradictions, asked a grade below
    assert "4 more independent voices that contradict it." in said
    assert "A contradiction that no note answers." in said


def number_in(sentences, words):
    return next(int(one.split()[0]) for one in sentences if words in one)


@given(st.integers(4, 12), st.integers(0, 3))
def test_as_many_contradictions_as_said_lower_the_grade_and_one_fewer_does_not(support, against):
    facts = [fact(number, strength=3) for number in range(support)]
    facts += [fact(100 + number, bearing="contradicts", answered=True) for number in range(against)]
    if grade(facts) < 3:
        return
    enough = number_in(assess(facts, (), TODAY).lower, "contradict")
    more = [fact(200 + number, bearing="contradicts", answered=True) for number in range(enough)]
    assert grade(facts + more) < grade(facts)
    assert grade(facts + more[1:]) == grade(facts)


@given(st.integers(1, 12), st.lists(st.just("worked"), max_size=2))
def test_as_many_voices_as_said_lower_the_grade_when_they_go(support, tried):
    facts = [fact(number, strength=4) for number in range(support)]
    trials = [TrialFact(verdict, 100 + number) for number, verdict in enumerate(tried)]
    enough = number_in(assess(facts, trials, TODAY).lower, "fewer that support")
    assert enough > support or grade(facts[enough:], trials) < grade(facts, trials)
    least = {1: 1, 2: 2, 3: 4, 4: 8}[grade(facts, trials)]
    assert assess(facts[enough - 1 :], trials, TODAY).support >= least


def test_an_assessment_survives_the_database():
    result = assess(founded(), [TrialFact("worked", 99)], TODAY)
    assert grading.Assessment.from_data(result.as_data()) == result


facts_drawn = st.builds(
    Fact,
    bearing=st.sampled_from(grading.GRAVITY),
    verdict=st.sampled_from(["worked", "no-effect", "backfired"]),
    author=st.one_of(st.none(), st.integers(1, 9)),
    organisation=st.sampled_from(["", "A", "B", "C", "D"]),
    withheld=st.booleans(),
    report=st.one_of(st.none(), st.integers(1, 9)),
    followed=st.sampled_from(list(Followed)),
    event=st.one_of(st.none(), st.integers(1, 3)),
    strength=st.integers(1, 4),
    context=st.sampled_from(PLACES),
    happened_on=st.just(RECENT),
    late_follow_ups=st.integers(0, 2),
    answered=st.booleans(),
)
trials_drawn = st.builds(
    TrialFact,
    verdict=st.sampled_from(["worked", "worked-in-part", "no-effect", "backfired", "too-early"]),
    author=st.one_of(st.none(), st.integers(1, 12)),
    withheld=st.booleans(),
    report=st.one_of(st.none(), st.integers(1, 9)),
)


@given(st.lists(facts_drawn, max_size=14), st.lists(trials_drawn, max_size=6), facts_drawn)
def test_one_more_contradiction_never_raises_the_grade(facts, trials, other):
    against = Fact(**{**other.__dict__, "bearing": "contradicts"})
    assert grade([*facts, against], trials) <= grade(facts, trials)


@given(st.lists(facts_drawn, max_size=14), st.lists(trials_drawn, max_size=6), trials_drawn)
def test_one_more_contradicting_trial_never_raises_the_grade(facts, trials, other):
    against = TrialFact("backfired", other.author, other.withheld, other.report)
    assert grade(facts, [*trials, against]) <= grade(facts, trials)


@given(st.lists(facts_drawn, max_size=14))
def test_one_organisation_never_counts_twice(facts):
    one = [Fact(**{**each.__dict__, "organisation": "acme", "withheld": False}) for each in facts]
    result = assess(one, (), TODAY)
    assert result.support <= 1
    assert result.contradictions <= 1
    assert result.code <= 1


@given(st.lists(facts_drawn, max_size=14), st.lists(trials_drawn, max_size=6), st.randoms())
def test_the_order_of_evidence_does_not_matter(facts, trials, random):
    shuffled = random.sample(facts, len(facts))
    assert assess(shuffled, trials, TODAY).as_data() == assess(facts, trials, TODAY).as_data()


@given(st.lists(facts_drawn, max_size=14), st.lists(trials_drawn, max_size=6))
def test_trials_alone_weigh_at_most_one_voice(facts, trials):
    without, with_ = assess(facts, (), TODAY), assess(facts, trials, TODAY)
    assert (with_.support - without.support) + (with_.contradictions - without.contradictions) <= 1


@given(st.lists(facts_drawn, max_size=14), st.lists(trials_drawn, max_size=6), st.randoms())
def test_no_figure_depends_on_who_withheld_a_name(facts, trials, random):
    def by_others(said):
        drawn = {"author": random.choice([None, *range(1, 10)])}
        drawn |= {"organisation": random.choice("ABCD")} if isinstance(said, Fact) else {}
        return type(said)(**{**said.__dict__, **drawn}) if said.withheld else said

    others = assess(list(map(by_others, facts)), list(map(by_others, trials)), TODAY)
    assert others.as_data() == assess(facts, trials, TODAY).as_data()
