"""How the API answers requests as such: methods, bodies left out, wrong addresses, pages of other sites."""

import pytest
from rest_framework.test import APIClient

from accounts.models import Token
from experiences.models import Experience, Situation
from tests.factories import contexts, make_known, make_report

pytestmark = pytest.mark.django_db
LIST = "/api/v1/experiences/"


def test_a_page_of_another_site_asks_first_and_may_read(api):
    asked = {
        "Origin": "https://app.example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    for address in (LIST, f"{LIST}?q=forum&facets=1", "/api/v1/practices/?nonsense=1", "/api/v1/"):
        answer = api().options(address, headers=asked)
        assert answer.status_code == 204
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "GET" in answer["Access-Control-Allow-Methods"]
        assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
        assert "Authorization" not in answer["Access-Control-Allow-Headers"]


def test_a_page_of_another_site_may_not_read_what_is_private(api, ana):
    answer = api().options("/api/v1/me/")
    assert answer.status_code == 401
    assert "Access-Control-Allow-Headers" not in answer


def test_a_method_that_is_not_offered_is_refused_to_anyone_before_they_are_asked_who_they_are(api, ana):
    for program in (api(), api(ana)):
        for method, address in (
            ("TRACE", LIST),
            ("DELETE", LIST),
            ("PUT", LIST),
            ("GET", "/api/v1/claims/1/"),
        ):
            answer = program.generic(method, address)
            assert answer.status_code == 405, (method, address)
            assert answer["Content-Type"] == "application/problem+json"
        assert program.generic("TRACE", LIST)["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_pages_refuse_a_method_that_is_not_offered(browse, ana):
    for address in ("/", "/experiences/", "/experiences/new/", "/accounts/login/", "/healthz"):
        assert browse(ana).generic("TRACE", address).status_code == 405, address


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_wrong_address_is_answered_with_the_right_one(method, program_of_ana):
    def told(address):
        answer = getattr(program_of_ana, method)(address)
        assert answer.status_code == 404
        return answer.json()["detail"]

    assert LIST in told(LIST.rstrip("/"))
    assert "/api/v1/docs/" in told("/api/v1/nothing-here/")
    assert "/api/v1/docs/" in told("/api/v1/nothing-here")


@pytest.fixture
def program_of_ana(ana):
    """Ana’s program, with a token, and held to what protects pages."""
    client = APIClient(enforce_csrf_checks=True)
    _token, key = Token.objects.create(ana, scope="write", name="test")
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def test_a_body_left_out_empties_nothing_and_makes_nothing(api, ana, carol):
    Situation.state(contexts(audience=["external"]), by=ana)
    report = make_report(ana, carol)
    for method, address in (("POST", LIST), ("PUT", "/api/v1/me/situation/")):
        answer = api(ana).generic(method, address, content_type="application/json")
        assert answer.status_code == 400
        assert "{}" in answer.json()["detail"]
    tag = api(ana).get(f"{LIST}{report.public_id}/")["ETag"]
    answer = api(ana).generic("PUT", f"{LIST}{report.public_id}/", headers={"If-Match": tag})
    assert answer.status_code == 400
    assert Experience.objects.count() == 1
    assert Situation.objects.get(member=ana).contexts.count() == 1


def test_what_is_empty_on_purpose_is_taken(api, ana):
    make_known(ana)
    assert api(ana).post(LIST, {"title": "One line", "lessons": "", "stakes": []}).status_code == 201
    assert api(ana).post(LIST, {}).status_code == 400  # Nobody could tell what it is about.


def test_who_wants_something_else_than_json_is_told(api):
    assert api().get(LIST, headers={"Accept": "text/csv"}).status_code == 406
