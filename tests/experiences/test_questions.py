"""Questions of readers: asked about a part of a report, answered by its author, whoever that is."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from config.versioning import Conflict
from experiences.models import Experience, Question
from experiences.models.questions import MOST_UNANSWERED, ordered
from tests.conftest import make_person
from tests.factories import make_draft, make_report

pytestmark = pytest.mark.django_db
ASKED = {"part": "action", "text": "Who ran both for three months?", "identity": "named"}


def html(response):
    return response.content.decode()


def post(browse, person, report, verb, **words):
    return browse(person).post(f"{report.get_absolute_url()}{verb}/", words)


def do(browse, person, question, verb, **words):
    address = f"{question.report.get_absolute_url()}questions/{question.public_id}/{verb}/"
    return browse(person).post(address, words)


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


# --- Asking ----------------------------------------------------------------------------------------


def test_a_reader_asks_and_the_author_answers(report, ana, ben, browse):
    answer = post(browse, ben, report, "ask", **ASKED)
    assert answer["Location"] == f"{report.get_absolute_url()}#questions"
    question = report.questions.get()
    page = html(browse().get(report.get_absolute_url()))
    for told in (f'id="question-{question.public_id}"', 'href="#part-action"', "Ben", "Not answered yet."):
        assert told in page
    assert "1 question waits for your answer." in html(browse(ana).get("/experiences/mine/"))

    assert do(browse, ana, question, "answer", text="Two volunteers did.").status_code == 302
    page = html(browse().get(report.get_absolute_url()))
    assert "Two volunteers did." in page
    assert "Not answered yet." not in page
    assert "waits for your answer" not in html(browse(ana).get("/experiences/mine/"))
    assert "Answered" in html(browse(ben).get("/experiences/mine/"))


def test_a_question_says_something_of_a_part_that_is_told(report, ben):
    for wrong, field in (
        ({"text": " "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"part": "comparison"}, "part"),
        ({"part": "title"}, "part"),
        ({"identity": "anonymous"}, "identity"),
    ):
        with pytest.raises(ValidationError) as refusal:
            report.ask(by=ben, **(ASKED | wrong))
        assert list(refusal.value.error_dict) == [field], wrong
    assert report.ask(by=ben, text="Why?").part == "whole"


def test_a_refused_question_keeps_its_words(report, ben, browse):
    answer = post(browse, ben, report, "ask", **(ASKED | {"identity": ""}))
    assert answer.status_code == 422
    assert ASKED["text"] in html(answer)
    visitor = post(browse, None, report, "ask", **ASKED)
    assert visitor.status_code == 403
    assert ASKED["text"] in html(visitor)


def test_the_same_question_sent_twice_is_asked_once(report, ben, browse):
    for _time in range(2):
        assert post(browse, ben, report, "ask", **ASKED).status_code == 302
    assert report.questions.count() == 1


def test_nobody_floods_an_author(report, ana, ben, carol, browse):
    for number in range(MOST_UNANSWERED):
        report.ask(by=ben, text=f"Question {number}?")
    answer = post(browse, ben, report, "ask", **ASKED)
    assert answer.status_code == 422
    assert ASKED["text"] in html(answer)
    report.ask(by=carol, text="May I?")
    report.questions.filter(by=ben).first().answer(by=ana, text="Yes.")
    assert post(browse, ben, report, "ask", **ASKED).status_code == 302


def test_only_a_published_report_is_asked_about_and_not_by_its_author(report, ana, ben):
    with pytest.raises(PermissionDenied):
        report.ask(by=ana, **ASKED)
    report.withdraw(by=ana, note="Enough.")
    with pytest.raises(ValidationError):
        report.ask(by=ben, **ASKED)


def test_an_author_who_openly_left_is_not_asked_and_a_withheld_one_as_before(ana, ben, carol, browse):
    """Were only those refused who left, it would tell that the author of a withheld report has."""
    named, withheld = make_report(ana, carol), make_report(ana, carol, identity="withheld")
    withheld.leave_without_name(by=ana)
    Experience.objects.filter(pk=named.pk).update(author=None)
    assert "ask" not in browse(ben).get(named.get_absolute_url()).context["verb_forms"]
    assert post(browse, ben, named, "ask", **ASKED).status_code == 422
    assert post(browse, ben, withheld, "ask", **ASKED).status_code == 302


# --- Answering, taking back, removing ---------------------------------------------------------------


def test_only_the_author_answers_only_the_asker_takes_back_only_a_moderator_removes(
    report, ana, ben, carol, mona, browse, api
):
    dora = make_person("dora")
    people = {"visitor": None, "ana": ana, "ben": ben, "carol": carol, "mona": mona, "dora": dora}
    words = {"answer": {"text": "Two volunteers."}, "take-back": {}, "remove": {"note": "An insult."}}
    for verb, may in (("take-back", "ben"), ("remove", "mona"), ("answer", "ana")):
        for door, visitor, done in (("page", 403, 302), ("api", 401, 204)):
            question = report.ask(by=ben, **(ASKED | {"text": f"{verb} {door}?"}))
            expected = dict.fromkeys(people, 403) | {"visitor": visitor}
            found = {
                name: try_(browse, api, door, people[name], question, verb, words[verb])
                for name in people
                if name != may
            }
            assert found | {may: 403} == expected
            answer = try_(browse, api, door, people[may], question, verb, words[verb])
            assert answer == (200 if (door, verb) == ("api", "answer") else done)


def try_(browse, api, door, person, question, verb, words):
    if door == "page":
        return do(browse, person, question, verb, **words).status_code
    return api(person).post(f"/api/v1/questions/{question.public_id}/{verb}/", words).status_code


def test_an_answer_may_be_changed_and_a_stale_one_overwrites_nothing(report, ana, ben, browse):
    question = report.ask(by=ben, **ASKED)
    stale = Question.objects.get(pk=question.pk)
    question.answer(by=ana, text="Two.")
    with pytest.raises(Conflict):
        stale.answer(by=ana, text="Three.")
    answer = do(browse, ana, question, "answer", text="From an old tab.", version=1)
    assert answer.status_code == 409
    assert "From an old tab." in html(answer)
    question.answer(by=ana, text="Two, then three.")
    question.refresh_from_db()
    assert question.reply == "Two, then three."


@pytest.mark.parametrize("text", ["", " ", "x" * 4001, "a\0b"])
def test_an_answer_has_words_that_can_be_stored(report, ana, ben, browse, text):
    question = report.ask(by=ben, **ASKED)
    answer = do(browse, ana, question, "answer", text=text)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"text"}


def test_what_was_answered_is_not_taken_back(report, ana, ben):
    question = report.ask(by=ben, **ASKED)
    stale = Question.objects.get(pk=question.pk)
    question.answer(by=ana, text="Two.")
    for row, refusal in ((question, ValidationError), (stale, Conflict)):
        with pytest.raises(refusal):
            row.take_back(by=ben)


def test_a_removal_says_why_in_the_log(report, ben, mona, browse):
    question = report.ask(by=ben, **ASKED)
    assert do(browse, mona, question, "remove", note="").status_code == 422
    assert do(browse, mona, question, "remove", note="An insult.").status_code == 302
    assert not report.questions.exists()
    line = report.log.last()
    assert (line.verb, line.by, line.note) == ("question-removed", mona, "An insult.")


def test_a_moderator_does_not_remove_what_is_asked_of_them(mona, ben, carol):
    question = make_report(mona, carol).ask(by=ben, **ASKED)
    with pytest.raises(PermissionDenied):
        question.remove(by=mona, note="Impertinent.")


# --- Who sees what ---------------------------------------------------------------------------------


def test_questions_go_unseen_with_their_report(report, ana, ben, carol, mona, browse, api):
    question = report.ask(by=ben, **ASKED)
    report.flag(by=carol, reason="abuse")
    for person in (None, ana, ben, carol, mona):
        assert ASKED["text"] not in html(browse(person).get(report.get_absolute_url()))
        assert not api(person).get(f"/api/v1/experiences/{report.public_id}/questions/").json().get("results")
    for person, verb in ((ana, "answer"), (ben, "take-back"), (mona, "remove")):
        assert do(browse, person, question, verb, text="Two.", note="Why.").status_code == 404
        assert api(person).post(f"/api/v1/questions/{question.public_id}/{verb}/", {}).status_code == 404
    assert ASKED["text"] not in html(browse(ben).get("/experiences/mine/"))
    assert ASKED["text"] in html(browse(ben).get("/accounts/data/"))


@pytest.mark.parametrize(("author", "asker"), [("withheld", "named"), ("named", "withheld")])
def test_a_withheld_name_tells_no_name_and_no_day(ana, ben, carol, browse, api, author, asker):
    report = make_report(ana, carol, identity=author)
    question = report.ask(by=ben, **(ASKED | {"identity": asker}))
    question.answer(by=ana, text="Two volunteers did.")
    day = date(2024, 3, 17)
    Question.objects.update(asked_on=day, answered_on=day)
    [told] = api().get(f"/api/v1/experiences/{report.public_id}/questions/").json()["results"]
    assert (told["asked_on"], told["answered_on"]) == ("2024-03", "2024-03")
    assert told["asked_by"] == ({"name": "Ben"} if asker == "named" else None)
    for person in (None, carol, ana, ben):
        page = html(browse(person).get(report.get_absolute_url()))
        assert "March 2024" in page
        assert "17 March 2024" not in page
        if author == "withheld" and person != ana:
            assert "Ana" not in page
        if asker == "withheld" and person != ben:
            assert "<b>Ben</b>" not in page
    data = html(browse(ana).get("/accounts/data/file/"))
    assert "Ben" not in data
    assert "2024-03-17" not in data


def test_where_both_are_named_the_day_is_told(report, ana, ben, browse, api):
    report.ask(by=ben, **ASKED).answer(by=ana, text="Two.")
    Question.objects.update(asked_on=date(2024, 3, 17))
    assert "17 March 2024" in html(browse().get(report.get_absolute_url()))
    [told] = api().get(f"/api/v1/experiences/{report.public_id}/questions/").json()["results"]
    assert (told["asked_on"], told["asked_by"]) == ("2024-03-17", {"name": "Ben"})


def test_the_order_of_questions_tells_no_more_than_their_month():
    report = Experience(identity="withheld")

    def asked(day, public_id, part="whole"):
        return Question(report=report, identity="named", asked_on=day, public_id=public_id, part=part)

    late, early = asked(date(2024, 3, 30), "a"), asked(date(2024, 3, 1), "b")
    before, about = asked(date(2024, 2, 28), "c"), asked(date(2020, 1, 1), "d", "result")
    assert ordered([about, early, late, before]) == [before, late, early, about]


def test_who_asked_and_leaves_takes_along_what_was_not_answered(report, ana, ben):
    report.ask(by=ben, text="Open?", identity="named")
    answered = report.ask(by=ben, text=f"Write to {ben.email}?", identity="named")
    answered.answer(by=ana, text="No.")
    from practices.own_data.account_closure import close

    close(ben, {})
    [left] = report.questions.all()
    assert (left.by, left.identity, left.byline) == (None, "withheld", None)
    assert left.text == "Write to [withheld]?"


def test_both_find_it_among_their_own_data(report, ana, ben, browse):
    report.ask(by=ben, **ASKED).answer(by=ana, text="Two volunteers did.")
    [asked] = json.loads(browse(ben).get("/accounts/data/file/").content)["questions"]
    assert (asked["text"], asked["report"]) == (ASKED["text"], report.public_id)
    mine = json.loads(browse(ana).get("/accounts/data/file/").content)["reports"][0]["questions"]
    assert [(one["text"], one["reply"]) for one in mine] == [(ASKED["text"], "Two volunteers did.")]


# --- Programs --------------------------------------------------------------------------------------


def test_a_program_asks_once_and_reads_the_answer(report, ana, ben, api):
    address = f"/api/v1/experiences/{report.public_id}/questions/"
    key = {"Idempotency-Key": "q"}
    made = api(ben).post(address, ASKED, headers=key)
    assert made.status_code == 201
    assert api(ben).post(address, ASKED, headers=key).json() == made.json()
    assert api(ben, scope="read").post(address, ASKED).status_code == 403
    for wrong in ({}, {"text": 5}, ASKED | {"part": "title"}, ASKED | {"by": "ana"}):
        assert api(ben).post(address, wrong).status_code == 400, wrong
    question = f"/api/v1/questions/{made.json()['id']}/"
    assert api(ana).post(f"{question}answer/", {"text": "Two."}).json()["answer"] == "Two."
    stale = api(ana).post(f"{question}answer/", {"text": "Three."}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert api(ben).post(f"{question}take-back/", {}).status_code == 400
    assert [one["answer"] for one in api().get(address).json()["results"]] == ["Two."]


def test_a_draft_has_no_questions_to_see(ana, api):
    draft = make_draft(ana)
    address = f"/api/v1/experiences/{draft.public_id}/questions/"
    assert api(ana).get(address).json()["results"] == []
    assert api().get(address).status_code == 404
