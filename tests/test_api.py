"""What holds for the whole API: tokens, limits, errors, headers, and that every verb has its address."""

import inspect
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.throttling import AnonRateThrottle

from accounts.models import Token
from config.api import router
from config.rest.renderers import JSONRenderer
from config.rest.verb_actions import action_name
from experiences.privacy.check import ANYWAY
from experiences.verbs import QUESTION_VERBS
from experiences.verbs import VERBS as REPORT_VERBS
from practices.management.commands.routes import routes
from practices.models import Claim, Comment, Evidence
from practices.verbs import CLAIM_MODERATION, MODERATION
from practices.verbs import VERBS as PRACTICE_VERBS
from tests.factories import (
    make_report,
)

LIST = "/api/v1/experiences/"
LISTS = [LIST, "/api/v1/practices/", "/api/v1/stakes/", "/api/v1/contexts/", "/api/v1/competencies/"]


def is_problem(answer, status):
    """Whether `answer` is a whole problem document of `status`."""
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["detail"]
    return answer.status_code == body["status"] == status


# --- Tokens --------------------------------------------------------------------------------------


def test_a_token_that_may_read_does_not_write(api, ana):
    assert is_problem(api(ana, scope="read").post(LIST, {}), 403)
    assert api(ana, scope="read").get("/api/v1/me/").json()["scope"] == "read"
    assert api(ana, scope="write").post(LIST, {"title": "x"}).status_code == 201


def test_visitors_are_asked_for_a_token(api):
    answer = api().post(LIST, {})
    assert is_problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("key", ["", "x", "x y", "\x00" * 64, "é" * 10, "0" * 64, "a" * 5000])
def test_a_token_that_is_none_is_refused(api, db, key):
    program = api()
    program.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    assert is_problem(program.get(LIST), 401)


def test_an_expired_token_is_refused(api, ana):
    program = api(ana)
    assert program.get(LIST).status_code == 200
    Token.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert is_problem(program.get(LIST), 401)


def test_tokens_are_made_listed_and_revoked(api, ana, ben):
    program = api(ana)
    made = program.post("/api/v1/tokens/", {"name": "CI", "scope": "write", "days": 7}).json()
    assert len(made["token"]) == 64
    listed = program.get("/api/v1/tokens/")
    assert made["token"] not in listed.content.decode()
    assert made["id"] in [token["id"] for token in listed.json()["results"]]
    assert is_problem(api(ben).delete(f"/api/v1/tokens/{made['id']}/"), 404)
    assert program.delete(f"/api/v1/tokens/{made['id']}/").status_code == 204
    refused = program.post("/api/v1/tokens/", {"name": "CI", "scope": "all", "days": "7"})
    assert {error["field"] for error in refused.json()["errors"]} == {"scope", "days"}
    assert is_problem(program.post("/api/v1/tokens/", {"name": "CI", "days": 400}), 400)


def test_a_key_sent_twice_makes_one_token_and_keeps_no_secret(api, ana):
    program, headers = api(ana), {"Idempotency-Key": "t"}
    first = program.post("/api/v1/tokens/", {"name": "CI"}, headers=headers).json()
    again = program.post("/api/v1/tokens/", {"name": "CI"}, headers=headers).json()
    assert again == first | {"token": None}
    assert Token.objects.filter(name="CI").count() == 1


def test_me_says_who_and_nothing_private(api, carol):
    answer = api(carol).get("/api/v1/me/")
    assert answer.json()["roles"] == ["Curators"]
    assert "carol@example.org" not in answer.content.decode()
    assert carol.organisation not in answer.content.decode()


def test_a_browser_session_does_not_write_without_its_csrf_token(ana):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/api/v1/me/").status_code == 200
    assert is_problem(browser.post(LIST, "{}", content_type="application/json"), 403)


# --- Errors --------------------------------------------------------------------------------------


def test_every_refusal_is_a_problem_document(api, ana):
    program = api(ana)
    assert is_problem(api().get("/api/v1/nowhere"), 404)
    assert is_problem(api().get("/api/nowhere/"), 404)
    assert is_problem(program.delete(LIST), 405)
    assert is_problem(program.get(LIST, headers={"Accept": "text/html"}), 406)
    assert is_problem(program.post(LIST, "a=1", content_type="application/x-www-form-urlencoded"), 415)
    assert is_problem(program.post(LIST, b"x" * (4 * 1024 * 1024 + 1), content_type="application/json"), 413)


MALFORMED = [
    b"", b"{", b"[" * 100_000, b'{"a":' * 30 + b"1" + b"}" * 30, b'"\\"' * 1_000_000, b"\xff",
    b"[]", b"null", b"5", b'{"effort": {"hours": NaN}}', b'{"effort": {"hours": 1e999}}',
    b'{"effort": {"hours": ' + b"9" * 5000 + b"}}",
    b'{"effort": {"hours": 9999999999999999999999}}', b'{"effort": {"hours": 2147483648}}',
    b'{"title": "\\u0000"}', b'{"title": "\\ud800"}', b'{"\\u0000": 1}', b'{"stakes": ["\\u0000"]}',
    b'{"contexts": {"\\udfff": ["a"]}}', b'{"keywords": ["\\u0000"]}', b'{"measures": [{"\\u0000": 1}]}',
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:24]))
def test_a_malformed_body_is_refused_in_words(api, ana, body):
    assert is_problem(api(ana).post(LIST, body, content_type="application/json"), 400)


@pytest.mark.parametrize("address", LISTS)
def test_an_unknown_parameter_is_named(api, db, address):
    answer = api().get(address, {"stkae": "x"})
    assert is_problem(answer, 400)
    assert answer.json()["errors"][0]["field"] == "stkae"
    assert is_problem(api().get(address, {"format": "xml"}), 400)


@pytest.mark.parametrize(
    ("name", "value"),
    [("stake", "x"), ("audience", "x"), ("not_kind", "x"), ("ordering", "id"), ("page_size", "0"),
     ("page_size", "101"), ("page_size", "abc"), ("cursor", "x"), ("updated_since", "soon"),
     ("language", "de"), ("facets", "2"),
     ("q", "\x00"), ("stake", "\x00"), ("cursor", "\x00"), ("page_size", "9" * 500)],
)  # fmt: skip
def test_an_unknown_value_is_named(api, db, name, value):
    for address in LISTS[:2]:
        answer = api().get(address, {name: value})
        assert is_problem(answer, 400)
        assert answer.json()["errors"][0]["field"] == name


def test_too_many_requests_are_told_when_to_come_back(api, db, settings, monkeypatch):
    settings.CACHES |= {"process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(AnonRateThrottle, "get_rate", lambda self: "2/min")
    answers = [api().get("/api/v1/effects/") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert is_problem(answers[2], 429)
    assert 0 < int(answers[2]["Retry-After"]) <= 60


# --- Verbs ---------------------------------------------------------------------------------------

TABLES = {
    "api-experience": REPORT_VERBS,
    "api-question": QUESTION_VERBS,
    "api-practice": PRACTICE_VERBS | MODERATION,
    "api-claim": CLAIM_MODERATION,
}
IN_TABLES = [(basename, name) for basename, table in TABLES.items() for name in table]


@pytest.mark.parametrize(("basename", "name"), IN_TABLES)
def test_every_verb_of_a_table_has_its_address_and_takes_the_words_of_its_method(basename, name):
    verb = TABLES[basename][name]
    done_by = action_name(name, verb)
    views = [route.callback for route in router.urls if route.callback.initkwargs["basename"] == basename]
    posted = {view.actions["post"]: view.cls for view in views if "post" in view.actions}
    assert done_by in posted
    takes = getattr(posted[done_by], done_by).operation.takes
    taken = set(takes().fields) - {ANYWAY} if takes else set()  # The check before sending heeds that one.
    words = list(inspect.signature(verb.act).parameters.values())[1:]
    needed = {word.name for word in words if word.default is word.empty}
    assert needed - {"by"} <= taken <= {word.name for word in words}, "name the words in serves_verbs()"


# All verbs of rows that hang under a practice, most of which no table lists: {method: (view, action)}.
UNDER_A_PRACTICE = {
    Claim: {
        "revise": ("claim", "partial_update"),
        "move": ("claim", "move"),
        "remove": ("claim", "destroy"),
        "cite": ("claim", "evidence"),
        "take_down": ("claim", "take_down"),
        "let_stand": ("claim", "let_stand"),
    },
    Evidence: {"remove": ("evidence", "destroy")},
    Comment: {"settle": ("practice", "settle")},
}
# What a form of a page does, and which actions do the same for a program; "" where only a page needs it.
FORMS = {
    "experiences:new": "experience.create",
    "experiences:edit": "experience.partial_update experience.submit",
    "experiences:check": "",  # what may identify someone, pointed out while one types
    "experiences:transition": "",  # the table of verbs
    "experiences:question": "",  # the table of verbs
    "experiences:withheld": "experience.withheld",
    "situation": "mine.state_situation",
    "welcome-situation": "mine.state_situation",
    "welcome-languages": "",  # a page's own language and a cookie
    "welcome-following": "saved-search.create",
    "vocabulary:new": "stake.create context.create",
    "vocabulary:decide": "keyword.add keyword.dismiss keyword.restore",
    "vocabulary:reports": "stake.tag_again",
    "vocabulary:transition": "stake.partial_update stake.retire stake.merge stake.split stake.restore",
    "alarm": "flag.create",
    "moderation": "moderation.decide",
    "open_notification": "notification.read",
    "read_notifications": "notification.read_all",
    "notification_choices": "notification.choose",
    "following": "saved-search.create",
    "change_search": "saved-search.partial_update",
    "delete_search": "saved-search.destroy",
    "stop_alert": "saved-search.partial_update",
    "site:settings": "",  # for those who run the site, who have a command for it
    "site:accept_terms": "me.terms",
    "site-text-edit": "",  # as the settings of the site
    "practices:begin": "cluster.begin practice.create practice.gather",
    "practices:dismiss": "cluster.dismiss cluster.set_aside",
    "practices:take_back": "cluster.take_back",
    "practices:new": "practice.create",
    "practices:withhold": "practice.withhold practice.preview_withholding",
    "practices:withheld": "practice.withheld",
    "practices:decide": "practice.hide practice.take_down practice.let_stand",
    "practices:decide_on_claim": "claim.take_down claim.let_stand",
    "practices:organisations": "same-organisation.create",
    "practices:undo_organisation": "same-organisation.undo",
    "practices:near": "",  # what is near, shown while one types
    "practices:try_out": "practice.try_out",
    "practices:grow": "practice.grow",
    "practices:edit": "practice.partial_update",
    "practices:workbench": "practice.claims",
    "practices:add_claim": "practice.claims",
    "practices:claim": "claim.partial_update claim.move claim.destroy practice.comment",
    "practices:cite": "claim.evidence",
    "practices:attach": "claim.evidence",
    "practices:uncite": "evidence.destroy",
    "practices:comment": "practice.comment",
    "practices:settle": "practice.settle",
    "practices:translate": "practice.translate",
    "practices:follow": "practice.follow",
    "practices:add_material": "practice.gather",
    "practices:remove_material": "practice.put_back",
    "practices:transition": "",  # the table of verbs
}


@pytest.fixture
def actions():
    """Every action that changes something, as view.action."""
    views = [route.callback for route in router.urls]
    return {
        f"{view.initkwargs['basename'].removeprefix('api-')}.{done_by}"
        for view in views
        for method, done_by in view.actions.items()
        if method != "get"
    }


@pytest.mark.parametrize("model", UNDER_A_PRACTICE)
def test_every_verb_of_a_row_under_a_practice_has_its_address(model, actions):
    verbs = {
        name
        for name, method in inspect.getmembers(model, inspect.isfunction)
        if (by := inspect.signature(method).parameters.get("by")) and by.kind is by.KEYWORD_ONLY
    }
    assert verbs == UNDER_A_PRACTICE[model].keys()
    assert actions.issuperset(".".join(where) for where in UNDER_A_PRACTICE[model].values())


def test_whatever_a_form_of_a_page_does_a_program_can_do(actions):
    named = {row["name"] for row in routes() if "POST" in row["methods"] and row["name"]}
    of_accounts = (
        *("accounts:", "account_", "mfa_", "openid_connect_", "socialaccount_"),
        *("admin:", "api-", "set_language"),
    )
    of_browsers = {"visit", "list_languages"}  # They leave a cookie: a program says what it wants each time.
    assert {name for name in named - of_browsers if not name.startswith(of_accounts)} == FORMS.keys()
    assert actions.issuperset(" ".join(FORMS.values()).split())


# --- Headers -------------------------------------------------------------------------------------


def test_other_sites_read_what_is_public_and_nothing_else(api, ana):
    assert api().get(LIST)["Access-Control-Allow-Origin"] == "*"
    for answer in (api(ana).get(LIST), api(ana).get("/api/v1/me/"), api().post(LIST, {})):
        assert "Access-Control-Allow-Origin" not in answer
    assert api(ana).get(LIST)["Cache-Control"].startswith("private")
    assert "Authorization" in api().get(LIST)["Vary"]


def test_an_answer_is_rendered_once_and_its_tag_is_of_what_is_sent(api, ana, carol, monkeypatch):
    report = make_report(ana, carol)
    rendered, render = [], JSONRenderer.render

    def counted(self, data, accepted_media_type=None, renderer_context=None):
        content = render(self, data, accepted_media_type, renderer_context)
        if renderer_context is not None:  # An answer; an item of a list is written for no request.
            rendered.append(content)
        return content

    monkeypatch.setattr(JSONRenderer, "render", counted)
    for address in (LIST, f"{LIST}{report.public_id}/"):
        answer = api().get(address)
        assert rendered == [answer.content]
        again = api().get(address, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
        assert "Content-Type" not in again
        assert len(rendered) == (1 if address == LIST else 2)  # That a list is the same is known before.
        indented = api().get(address, headers={"Accept": "application/json; indent=2"})
        assert indented.json() == answer.json()
        rendered.clear()
    made = api(ana).post(LIST, {"title": "Told"})
    assert rendered == [made.content]
