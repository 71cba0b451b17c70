"""What is done with a report on its page: verbs posted, refused, and said again."""

import pytest
from django.urls import reverse

from tests.factories import make_draft, make_report

pytestmark = pytest.mark.django_db


def html(response):
    return response.content.decode()


def post(browse, person, report, verb, **words):
    return browse(person).post(reverse("experiences:transition", args=[report.public_id, verb]), words)


def test_verbs_are_posted(ana, browse):
    report = make_draft(ana)
    assert (
        browse(ana).get(reverse("experiences:transition", args=[report.public_id, "submit"])).status_code
        == 405
    )
    assert post(browse, ana, report, "explode").status_code == 404


def test_a_curator_returns_with_a_reason_and_a_sentence_which_the_author_reads(ana, carol, browse):
    report = make_draft(ana).submit(by=ana)
    refused = post(browse, carol, report, "return", reason="unclear", note=" ")
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"note"}
    refused = post(browse, carol, report, "return", reason="", note="Who is “we”?")
    assert refused.status_code == 422
    assert "Who is “we”?" in html(refused)
    assert post(browse, carol, report, "return", reason="unclear", note="Who is “we”?").status_code == 302
    assert "Who is “we”?" in html(browse(ana).get("/experiences/mine/"))
    assert "Who is “we”?" in html(browse(ana).get(reverse("experiences:edit", args=[report.public_id])))


@pytest.mark.parametrize("note", ["a\0b", "x" * 2001])
@pytest.mark.parametrize("verb", ["return", "withdraw", "flag", "follow-up"])
def test_a_sentence_that_cannot_be_stored_is_refused(ana, carol, browse, verb, note):
    report = make_draft(ana).submit(by=ana)
    if verb != "return":
        report.publish(by=carol)
    words = {
        "reason": "abuse" if verb == "flag" else "unclear",
        "note": note,
        "verdict": "worked",
        "text": "\0",
    }
    answer = post(browse, carol if verb in ("return", "flag") else ana, report, verb, **words)
    assert answer.status_code == 422


def test_a_curator_who_read_an_older_text_does_not_publish_the_newer_one(ana, carol, browse):
    report = make_draft(ana).submit(by=ana)
    read = report.version
    report.return_to_author(by=carol, reason="unclear", note="Who?")
    report.title = "Quite another report"
    report.write(by=ana).submit(by=ana)
    assert post(browse, carol, report, "publish", version=read).status_code == 409
    assert post(browse, carol, report, "publish", version=report.version).status_code == 302


def test_no_button_to_review_one_s_own_report(carol, chris, browse):
    report = make_draft(carol).submit(by=carol)
    assert "Return to the author" in html(browse(chris).get(report.get_absolute_url()))
    assert "Return to the author" not in html(browse(carol).get(report.get_absolute_url()))
    assert post(browse, carol, report, "publish").status_code == 403


def test_a_flag_hides_and_a_moderator_restores(ana, ben, carol, mona, browse):
    report = make_report(ana, carol)
    make_report(ben, carol)
    answer = post(browse, ben, report, "flag", reason="identifies", note="Line two.")
    assert answer["Location"] == "/experiences/"
    assert browse(ben).get(report.get_absolute_url()).status_code == 404
    assert "Line two." in html(browse(mona).get(report.get_absolute_url()))
    assert post(browse, mona, report, "restore").status_code == 302
    assert browse(ben).get(report.get_absolute_url()).status_code == 200


def test_who_raised_an_alarm_is_not_told(ana, ben, carol, mona, browse):
    report = make_report(ana, carol)
    report.flag(by=ben, reason="abuse", note="")
    page = html(browse(ana).get(report.get_absolute_url()))
    assert "a reader" in page
    assert "Ben" not in page


def test_a_refused_follow_up_keeps_its_words(ana, carol, browse):
    report = make_report(ana, carol)
    answer = post(browse, ana, report, "follow-up", verdict="", text="Two years on, it holds.")
    assert answer.status_code == 422
    assert "Two years on, it holds." in html(answer)


def test_a_visitor_s_words_are_kept_when_the_session_is_gone(ana, carol, browse):
    report = make_report(ana, carol)
    answer = post(browse, None, report, "flag", reason="abuse", note="See the second line.")
    assert answer.status_code == 403
    assert "See the second line." in html(answer)


def test_reports_of_one_event_are_linked_by_address(ana, ben, carol, browse):
    one, two = make_report(ana, carol), make_report(ben, carol)
    assert post(browse, carol, one, "link", other="https://example.org/nowhere/").status_code == 422
    assert post(browse, carol, one, "link", other=f"http://x/experiences/{two.public_id}/").status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.event == two.event is not None


def test_a_draft_is_deleted_by_its_author(ana, browse):
    report = make_draft(ana)
    assert post(browse, ana, report, "discard")["Location"] == "/experiences/mine/"
    assert not ana.experiences.exists()
