"""Who may do what to a report, by its verbs, on its page and through the API."""

import pytest

from experiences.models import Experience
from tests.conftest import make_person
from tests.factories import make_draft
from tests.permissions.doors import answer_of, assert_table, outcome_of, tag_of, try_all
from tests.permissions.report_table import (
    PEOPLE,
    REPORT_ACTS,
    REPORT_SEEN_BY,
    REPORT_VERBS,
    REPORT_WORDS,
    report_in,
    report_table,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_may_do_what_to_a_report(state, people, other):
    pk = report_in(state, people).pk

    def attempt(person, verb):
        report = Experience.objects.visible_to(person).filter(pk=pk).first()
        if report is None:
            return "unseen"
        if verb == "see":
            return "done"
        if verb == "edit":
            outcome = outcome_of(lambda: report.write(by=person))
            assert report.can_be_edited_by(person) == (outcome == "done")
            return outcome
        if verb == "link":
            return outcome_of(lambda: report.tells_same_event_as(other, by=person))
        return outcome_of(lambda: REPORT_ACTS[verb](report, by=person, **REPORT_WORDS.get(verb, {})))

    assert_table(people, report_table(state, REPORT_VERBS), attempt, "verbs", state)


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_may_do_what_on_a_report_s_page(state, people, other, session):
    address = report_in(state, people).get_absolute_url()
    words = REPORT_WORDS | {"link": {"other": other.public_id}}
    words["withhold"] = words["withhold"] | {"confirmed": "yes"}

    def attempt(person, verb):
        browser = session(person)
        if verb == "see":
            return answer_of(browser.get(address))
        if verb == "edit":
            return answer_of(browser.get(f"{address}edit/"))
        return answer_of(browser.post(f"{address}{verb}/", words.get(verb, {})))

    assert_table(people, report_table(state, REPORT_VERBS, edit="sign in"), attempt, "pages", state)


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_reads_what_a_report_said_before(state, people, session, program):
    report = report_in(state, people)
    seen = REPORT_SEEN_BY[state].split()
    whole = ("ana", "carol", "mona")
    sent = 0 if state == "draft" else 1
    public = int(state in ("published", "withdrawn", "hidden"))
    for name, person in people.items():
        page = session(person).get(f"{report.get_absolute_url()}history/")
        answer = program(person).get(f"/api/v1/experiences/{report.public_id}/revisions/")
        assert page.status_code == answer.status_code == (200 if name in seen else 404), name
        if name in seen:
            assert answer.json()["count"] == len(page.context["rows"]) == public + sent * (name in whole), (
                name
            )


@pytest.mark.parametrize("state", ["published", "hidden", "withdrawn"])
def test_only_moderators_look_at_words_that_were_withheld(state, people, session, program):
    report = report_in("published", people)
    report.withhold_words(by=people["mona"], **REPORT_WORDS["withhold"])
    if state == "hidden":
        report.flag(by=people["carol"], reason="abuse")
    if state == "withdrawn":
        report.withdraw(by=people["ana"], note="Our member asked for it.")

    def attempt(person, door):
        if door == "page":
            return answer_of(session(person).post(f"{report.get_absolute_url()}withheld/"))
        return answer_of(program(person).post(f"/api/v1/experiences/{report.public_id}/withheld/"))

    seen = {name: "refused" if name in REPORT_SEEN_BY[state].split() else "unseen" for name in PEOPLE}
    expected = {  # a visitor is asked to sign in, whatever it is
        "page": seen | {"visitor": "refused", "mona": "done"},
        "program": seen | {"visitor": "sign in", "mona": "done"},
    }
    assert try_all(people, expected, attempt) == expected


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_may_do_what_to_a_report_through_the_api(state, people, other, program):
    words = REPORT_WORDS | {"link": {"other": other.public_id}}
    address = f"/api/v1/experiences/{report_in(state, people).public_id}/"
    tags = {person: tag_of(program(person), address) for person in people.values()}

    def attempt(person, verb):
        client = program(person)
        if verb == "see":
            return answer_of(client.get(address))
        match = {"If-Match": tags[person]}
        if verb == "edit":
            return answer_of(client.patch(address, {"title": "Another title"}, headers=match))
        place = {"follow-up": "follow-ups", "ask": "questions"}.get(verb, verb)
        return answer_of(client.post(f"{address}{place}/", words.get(verb, {}), headers=match))

    visitor = {verb.replace("-", "_"): "sign in" for verb in REPORT_VERBS if verb != "see"}
    assert_table(people, report_table(state, REPORT_VERBS, **visitor), attempt, "API", state)


def test_nobody_reviews_their_own_report(browse):
    cleo = make_person("cleo", "Curators")
    report = make_draft(cleo).submit(by=cleo)

    for verb in ("publish", "return"):
        answer = browse(cleo).post(f"{report.get_absolute_url()}{verb}/", REPORT_WORDS.get(verb, {}))
        assert answer.status_code == 403
