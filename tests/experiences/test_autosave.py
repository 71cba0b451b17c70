"""What is typed is kept while it is typed: on the server, by the open page, and over nobody's words."""

import pytest
from django.urls import reverse

from experiences.models import Experience
from tests.factories import TYPED, make_draft, make_report

pytestmark = pytest.mark.django_db
NEW = "/experiences/new/"


def html(response):
    return response.content.decode()


def keep(client, address=NEW, **words):
    sent = TYPED | {"submission_key": "form-1", "page": "page-1"} | words | {"do": "keep"}
    return client.post(address, {name: value for name, value in sent.items() if value is not None})


def edit_of(report):
    return reverse("experiences:edit", args=[report.public_id])


def test_typing_makes_one_draft_that_goes_on_at_its_own_address(ana, browse):
    client = browse(ana)
    answer = keep(client, title="Half a th", result="")
    draft = ana.experiences.get()
    assert answer.status_code == 200
    assert (draft.status, draft.title) == ("draft", "Half a th")
    assert f'data-action="{edit_of(draft)}"' in html(answer)
    assert 'data-state="saved"' in html(answer)
    assert "Missing: What happened" in html(answer)

    keep(client, title="Half a thought")  # The answer was lost: the page still sends to the first address.
    keep(client, edit_of(draft), title="A whole thought", version=draft.version)
    draft = ana.experiences.get()
    assert draft.title == "A whole thought"
    assert not draft.log.exists()


def test_what_is_not_fit_to_be_stored_is_kept_as_it_was_typed(ana, browse):
    client = browse(ana)
    answer = keep(client, started_on="last spring", keywords="x" * 60, situation="They left.")
    draft = ana.experiences.get()
    assert 'data-state="unfit"' in html(answer)
    assert draft.title == TYPED["title"]

    form = client.get(edit_of(draft))
    assert form.status_code == 200
    for typed in ("last spring", "x" * 60, "They left.", "This is not a month."):
        assert typed in html(form)

    keep(client, edit_of(draft), started_on="2025-03", situation="They left.")
    draft.refresh_from_db()
    assert (draft.situation, draft.unsaved) == ("They left.", {})


def test_a_published_report_changes_only_when_its_author_says_so(ana, carol, browse):
    report, client = make_report(ana, carol), browse(ana)
    answer = keep(client, edit_of(report), version=report.version, result="Better told.")
    assert 'data-state="public"' in html(answer)
    assert "Better told." not in html(browse().get(report.get_absolute_url()))
    assert "with changes not published yet" in html(client.get("/experiences/mine/"))
    assert "Better told." in html(client.get(edit_of(report)))

    assert client.post(edit_of(report), {"do": "forget"}).status_code == 302
    assert "Better told." not in html(client.get(edit_of(report)))


def test_a_page_overwrites_its_own_words_and_nobody_else_s(ana, browse):
    draft, client = make_draft(ana), browse(ana)
    first = {"version": draft.version, "page": "first"}
    second = {"version": draft.version, "page": "second"}
    assert keep(client, edit_of(draft), result="From the first tab.", **first).status_code == 200
    assert keep(client, edit_of(draft), result="Once more from it.", **first).status_code == 200

    answer = keep(client, edit_of(draft), result="From the second.", **second)
    draft.refresh_from_db()
    assert answer.status_code == 409
    assert 'data-state="conflict"' in html(answer)
    assert draft.result == "Once more from it."

    saved = TYPED | second | {"result": "From the second.", "do": "save"}
    both = client.post(edit_of(draft), saved)
    assert both.status_code == 409
    assert "Once more from it." in html(both)
    assert "From the second." in html(both)


def test_a_program_s_change_is_not_overwritten_by_an_open_page(ana, browse, api):
    draft, client = make_draft(ana), browse(ana)
    keep(client, edit_of(draft), version=draft.version)
    draft.refresh_from_db()
    changed = api(ana).patch(
        f"/api/v1/experiences/{draft.public_id}/",
        {"title": "From a program"},
        headers={"If-Match": f'"{draft.version}"'},
    )
    assert changed.status_code == 200
    assert keep(client, edit_of(draft), version=draft.version).status_code == 409
    draft.refresh_from_db()
    assert draft.title == "From a program"


def test_saving_after_typing_goes_on_with_the_same_draft(ana, browse):
    client = browse(ana)
    keep(client, title="Half a thought")
    answer = client.post(NEW, TYPED | {"submission_key": "form-1", "page": "page-1", "do": "send"})
    report = ana.experiences.get()
    assert answer["Location"] == report.get_absolute_url()
    assert (report.status, report.title) == ("submitted", TYPED["title"])


@pytest.mark.parametrize("trusted", [False, True])
def test_a_form_sent_again_by_mistake_does_nothing_more(trusted, ana, carol, browse):
    if trusted:
        make_report(ana, carol)
    draft, client = make_draft(ana), browse(ana)
    sent = TYPED | {"version": draft.version, "page": "page-1", "do": "send"}
    for _time in range(3):
        answer = client.post(edit_of(draft), sent)
        assert answer["Location"] == draft.get_absolute_url()
    assert [line.verb for line in draft.log.all()] == ["submitted"]


def test_a_page_of_someone_else_is_not_taken_for_mine(ana, ben, browse):
    member = browse(ana).get(NEW).context["member"]
    answer = keep(browse(ben), member=member, situation="Said by Ana alone.")
    assert answer.status_code == 403
    assert "Said by Ana alone." in html(answer)
    assert not Experience.objects.exists()
    assert keep(browse(ana), member=member).status_code == 200


def test_who_may_not_write_keeps_nothing(ana, ben, carol, browse):
    draft, told = make_draft(ana), make_report(ana, carol)
    for person, report, status in (
        (None, draft, 403),
        (ben, draft, 404),
        (ben, told, 403),
        (carol, told, 403),
    ):
        assert keep(browse(person), edit_of(report), title="Mine now").status_code == status
    sent = make_draft(ana).submit(by=ana)
    assert keep(browse(ana), edit_of(sent), title="Too late").status_code == 409
    assert not Experience.objects.filter(title__in=["Mine now", "Too late"]).exists()


def test_characters_no_database_keeps_cost_no_other_word(ana, browse):
    keep(browse(ana), title="x" * 201, situation="They\0 left.")
    draft = ana.experiences.get()
    assert draft.unsaved["situation"] == ["They left."]


def test_what_is_kept_is_told_to_its_author_and_goes_with_the_report(ana, browse):
    client = browse(ana)
    keep(client, started_on="last spring", situation="Kept, not stored.")
    assert "Kept, not stored." in html(client.get("/accounts/data/"))
    ana.experiences.get().erase(by=ana)
    assert not Experience.objects.exists()


def test_a_page_brought_back_goes_on_for_the_one_that_was_closed(ana, browse):
    draft, client = make_draft(ana), browse(ana)
    closed = {"version": draft.version, "page": "closed"}
    keep(client, edit_of(draft), result="Sent on leaving.", **closed)
    answer = client.post(
        edit_of(draft), TYPED | closed | {"rows": "restore", "result": "Held on the device."}
    )
    assert answer.status_code == 200
    assert "Held on the device." in html(answer)
    back = {name: answer.context[name] for name in ("page", "version")}
    assert keep(client, edit_of(draft), result="Held on the device.", **back).status_code == 200

    keep(client, edit_of(draft), result="Said elsewhere.", page="another", version=draft.version + 2)
    assert keep(client, edit_of(draft), result="Held on the device.", **back).status_code == 409
