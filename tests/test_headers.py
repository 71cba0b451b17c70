"""Headers that every answer has: what no page may ask of a device, and which sites may take it in."""

import pytest

from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db
OFF = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
PAGES = (
    "/", "/experiences/", "/experiences/?q=forum", "/accounts/login/", "/accounts/me/",
    "/notifications/", "/no/such/page/", "/admin/login/", "/healthz", "/robots.txt", "/api/v1/docs/",
    "/experiences/?stake=%00",
)  # fmt: skip
OPEN = (
    "/api/v1/", "/api/v1/experiences/", "/api/v1/schema/", "/api/v1/no/such/page/", "/feeds/experiences/",
    "/feeds/practices/?stake=moving-platform", "/sitemap.xml", "/static/css/tokens.css",
    "/static/img/favicon.svg",
)  # fmt: skip


def policy(answer):
    return answer.headers["Cross-Origin-Resource-Policy"]


@pytest.mark.parametrize("path", [*PAGES, *OPEN])
def test_no_page_may_use_camera_microphone_or_place(browse, path):
    told = dict(one.strip().split("=") for one in browse().get(path).headers["Permissions-Policy"].split(","))
    assert set(OFF) <= set(told)
    assert set(told.values()) == {"()"}
    assert "clipboard-write" not in told  # “Copy” beside a citation
    assert not any(name.startswith("publickey-credentials") for name in told)  # passkeys


@pytest.mark.parametrize("path", PAGES)
def test_other_sites_take_in_no_page(browse, path):
    assert policy(browse().get(path)) == "same-origin"


@pytest.mark.parametrize("path", [path for path in OPEN if "no/such" not in path])
def test_other_sites_may_take_in_what_is_public(browse, path):
    answer = browse().get(path)
    assert answer.status_code == 200
    assert policy(answer) == "cross-origin"


def test_other_sites_may_take_in_files_to_keep_and_nothing_of_a_member(browse, api, ana, carol, chris):
    report = make_report(ana, carol)
    practice = make_published_practice(carol, chris, reports=[report])
    for end in ("md", "bib"):
        assert policy(browse().get(f"/experiences/{report.public_id}.{end}")) == "cross-origin"
    for end in ("md", "bib", "json"):
        assert policy(browse().get(f"{practice.get_absolute_url()}v/1.{end}")) == "cross-origin"
    assert policy(browse(ana).get("/accounts/data/file/")) == "same-origin"
    assert policy(browse(ana).get("/api/v1/experiences/")) == "same-origin"
    assert policy(api(ana).get("/api/v1/me/")) == "same-origin"
    assert policy(browse().options("/api/v1/experiences/")) == "cross-origin"


def test_a_refusal_has_them_too(browse, ana, settings):
    settings.SECURE_SSL_REDIRECT = True
    for answer in (browse().get("/"), browse(ana).post("/experiences/", secure=True)):
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert policy(answer) == "same-origin"


def test_an_address_that_others_added_their_marks_to_leads_to_the_plain_one(db, browse, api):
    answer = browse().get("/experiences/?q=forum&utm_source=letter&fbclid=1")
    assert (answer.status_code, answer["Location"]) == (302, "/experiences/?q=forum")
    assert browse().get("/map/?gclid=1")["Location"] == "/map/"
    assert browse().get("/experiences/?fbclip=1").status_code == 400
    assert api().get("/api/v1/experiences/?utm_source=letter").status_code == 400
