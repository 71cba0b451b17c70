"""REQUIRE_MFA: curators and moderators use their powers once signing in takes two steps, and not before."""

import pytest

from tests.conftest import PASSWORD
from tests.factories import make_draft, make_practice, make_report

pytestmark = pytest.mark.django_db
LEAD = 'href="/accounts/2fa/"'
BANNER = "Curators and moderators sign in with two steps here"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.REQUIRE_MFA = True


def set_up(person, kind="totp"):
    person.authenticator_set.create(type=kind, data={"secret": "x"})


@pytest.fixture
def waiting(ana, settings):
    """A report that waits for a curator."""
    return make_draft(ana).submit(by=ana)


PAGES = [
    ("carol", "/practices/desk/"),
    ("carol", "/practices/new/"),
    ("mona", "/moderation/"),
    ("mona", "/vocabulary/"),
    ("mona", "/accounts/invitations/"),
]


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_a_page_of_powers_leads_to_the_second_step_and_opens_after_it(request, browse, name, page):
    person = request.getfixturevalue(name)
    browser = browse(person)
    refused = browser.get(page)
    assert refused.status_code == 403
    assert LEAD in refused.content.decode()
    set_up(person)
    assert browser.get(page).status_code == 200


def test_a_curator_decides_on_pages_after_the_second_step_and_not_before(browse, carol, waiting):
    browser = browse(carol)
    address, sent = f"{waiting.get_absolute_url()}publish/", {"version": waiting.version}
    assert browser.post(address, sent).status_code in (403, 404)
    waiting.refresh_from_db()
    assert waiting.status == "submitted"
    set_up(carol)
    assert browser.post(address, sent).status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == "published"


def problem(answer):
    body = answer.json()
    return answer.status_code, [error["code"] for error in body["errors"]]


def test_programs_are_told_what_to_set_up_and_where(api, carol, waiting):
    program = api(carol)
    address = f"/api/v1/experiences/{waiting.public_id}/publish/"
    tries = [program.post("/api/v1/practices/", {"title": "Ask first"}), program.get("/api/v1/clusters/")]
    assert [problem(answer) for answer in tries] == [(403, ["second_step_required"])] * 2
    assert program.post(address, {}).status_code == 404  # As for who may not know of it.
    assert "http://testserver/accounts/2fa/" in tries[0].json()["detail"]
    waiting.refresh_from_db()
    assert waiting.status == "submitted"

    set_up(carol)
    assert program.post("/api/v1/practices/", {"title": "Ask first"}).status_code == 201
    assert program.get("/api/v1/clusters/").status_code == 200
    assert program.post(address, {}).status_code == 200


def test_moderators_are_asked_too_through_the_api(api, mona):
    assert problem(api(mona).get("/api/v1/moderation/")) == (403, ["second_step_required"])
    set_up(mona)
    assert api(mona).get("/api/v1/moderation/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(browse, carol):
    set_up(carol, "recovery_codes")
    assert browse(carol).get("/practices/desk/").status_code == 403


def test_what_any_member_does_stays_possible_and_a_notice_tells_what_to_do(browse, api, ana, ben, carol):
    browser = browse(carol)
    report = make_draft(carol)
    for page in ("/", "/experiences/mine/", "/accounts/me/", f"{report.get_absolute_url()}edit/"):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert BANNER in answer.content.decode(), page
        assert BANNER not in browse(ana).get("/").content.decode()
    assert browser.get("/accounts/2fa/").status_code == 200
    assert api(carol).post("/api/v1/experiences/", {"title": "Told"}).status_code == 201
    set_up(carol)
    assert BANNER not in browser.get("/").content.decode()


def test_members_without_powers_are_refused_as_before(browse, api, ben):
    answer = browse(ben).get("/practices/desk/")
    assert (answer.status_code, LEAD in answer.content.decode()) == (403, False)
    assert problem(api(ben).post("/api/v1/practices/", {"title": "Ask first"})) == (403, [])
    assert api(ben).get("/api/v1/experiences/zzzzzzzzzzzz/").status_code == 404


def test_it_is_asked_where_the_setting_says_so_alone(settings, browse, api, carol):
    settings.REQUIRE_MFA = False
    answer = browse(carol).get("/practices/desk/")
    assert (answer.status_code, BANNER in answer.content.decode()) == (200, False)
    assert api(carol).post("/api/v1/practices/", {"title": "Ask first"}).status_code == 201


def test_the_administration_is_asked_too(browse, django_user_model):
    root = django_user_model.objects.create_superuser("root@example.org", PASSWORD)
    browser = browse(root)
    assert LEAD in browser.get("/admin/").content.decode()
    assert browser.get("/admin/accounts/user/").status_code == 403
    set_up(root)
    assert LEAD not in browser.get("/admin/").content.decode()
    assert browser.get("/admin/accounts/user/").status_code == 200


def test_what_is_for_curators_alone_is_not_there_meanwhile_as_for_others(api, browse, ana, carol, ben):
    draft = make_practice(carol, reports=[make_report(ana, carol_with_second_step(carol))])
    address = f"/api/v1/practices/{draft.slug}/"
    assert api(carol).get(address).status_code == 200
    carol.authenticator_set.all().delete()
    for person in (carol, ben):
        for place in (address, "/api/v1/practices/never-there/"):
            assert api(person).get(place).status_code == 404
        assert browse(person).get(draft.get_absolute_url()).status_code == 404


def carol_with_second_step(carol):
    set_up(carol)
    return carol
