"""What holds for the whole API: tokens, limits, errors, headers, and its description."""

import inspect
import json
from datetime import timedelta

import pytest
from django.urls import resolve, reverse
from django.utils import timezone
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from rest_framework.renderers import JSONRenderer
from rest_framework.throttling import AnonRateThrottle

from accounts.models import Token
from config.api import router
from config.rest.reference_page import document
from config.rest.verb_actions import action_name
from experiences.privacy.check import ANYWAY
from experiences.search.filters import ReportFilterSet
from experiences.verbs import QUESTION_VERBS
from experiences.verbs import VERBS as REPORT_VERBS
from practices.management.commands.routes import routes
from practices.models import Claim, Comment, Evidence
from practices.search.filters import PracticeFilterSet
from practices.verbs import MODERATION
from practices.verbs import VERBS as PRACTICE_VERBS
from tests.factories import (
    make_cluster,
    make_draft,
    make_known,
    make_practice,
    make_published_practice,
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
    assert api(ana, scope="write").post(LIST, {}).status_code == 201


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
    answer = api(ana).post(LIST, body, content_type="application/json")
    if body == b"":
        assert answer.status_code == 201
    else:
        assert is_problem(answer, 400)


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


# The verbs of rows that hang under a practice, which no table lists: {method: (view, action)}.
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
    "vocabulary:new": "stake.create context.create",
    "vocabulary:reports": "stake.tag_again",
    "vocabulary:transition": "stake.partial_update stake.retire stake.merge stake.split stake.restore",
    "alarm": "flag.create",
    "moderation": "moderation.decide",
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
    of_accounts = ("accounts:", "account_", "mfa_", "admin:", "api-", "set_language")
    assert {name for name in named if not name.startswith(of_accounts)} == FORMS.keys()
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

    def counted(self, *args, **kwargs):
        rendered.append(render(self, *args, **kwargs))
        return rendered[-1]

    monkeypatch.setattr(JSONRenderer, "render", counted)
    for address in (LIST, f"{LIST}{report.public_id}/"):
        answer = api().get(address)
        assert rendered == [answer.content]
        again = api().get(address, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
        assert "Content-Type" not in again
        assert len(rendered) == 2
        indented = api().get(address, headers={"Accept": "application/json; indent=2"})
        assert indented.json() == answer.json()
        rendered.clear()
    made = api(ana).post(LIST, {"title": "Told"})
    assert rendered[1:] == [made.content]  # The first is what was sent.


# --- The description -----------------------------------------------------------------------------


@pytest.fixture
def shapes(db):
    document.cache_clear()
    yield document()
    document.cache_clear()


def test_the_description_is_valid_and_complete(api, shapes):
    served = api().get(reverse("api-schema")).json()
    validate(served)
    assert served["openapi"].startswith("3.1")
    operations = [one for path in served["paths"].values() for one in path.values()]
    assert all(one["description"] and one["operationId"] for one in operations)
    assert all("400" in one["responses"] and "429" in one["responses"] for one in operations)
    assert len({one["operationId"] for one in operations}) == len(operations)


def test_every_parameter_described_is_taken(api, shapes):
    for address in LISTS[:2]:
        for parameter in shapes["paths"][address]["get"]["parameters"]:
            if parameter["in"] == "query":
                answer = api().get(address, {parameter["name"]: ""})
                named = [error["field"] for error in answer.json().get("errors", [])]
                assert answer.status_code == 200, (parameter["name"], named)


def test_every_parameter_taken_is_described(shapes):
    for address, filterset in zip(LISTS[:2], (ReportFilterSet, PracticeFilterSet), strict=True):
        described = {one["name"] for one in shapes["paths"][address]["get"]["parameters"]}
        assert {*filterset.common, *filterset.filters, "audience", "not_audience"} <= described


def test_the_example_of_a_report_is_taken(api, shapes, ana):
    (example,) = shapes["components"]["schemas"]["ExperienceInput"]["examples"]
    assert api(ana).post(LIST, example).status_code == 201


def test_what_is_taken_is_described_as_it_is_checked(shapes):
    described = shapes["components"]["schemas"]
    token, claim, returned = (described[name] for name in ("TokenInput", "ClaimInput", "ReturnInput"))
    assert token["required"] == ["name"]
    assert token["properties"]["name"]["maxLength"] == 80
    assert claim["properties"]["kind"]["default"] == "do-this"
    assert returned["required"] == ["reason", "note"]  # As the verb says, though types would let them be.
    assert "" not in returned["properties"]["reason"]["enum"]


def test_answers_have_the_shapes_described(api, shapes, ana, carol, chris):
    report = make_report(ana, carol, measured=True, identity="withheld")
    report.follow_up(by=ana, verdict="worked", text="Still so.")
    report.ask(by=carol, text="Who ran both?").answer(by=ana, text="Two of us.")
    practice = make_published_practice(carol, chris, reports=[report])
    practice.try_out(by=chris, verdict="worked", line="Yes.")
    make_draft(ana, verdict="")
    cluster = make_cluster(ana, carol)
    checked = 0
    for path, methods in shapes["paths"].items():
        address = path.format(
            public_id=report.public_id, slug=practice.slug, number=1, handle="", id="", key=cluster.key,
            group="",
        )  # fmt: skip
        for person in (None, ana, carol):
            answer = api(person).get(address) if "get" in methods else None
            if answer is not None and answer.status_code == 200:
                check(shapes, methods["get"], answer.json())
                checked += 1
    assert checked > 30
    stake = api().get("/api/v1/stakes/moving-platform/").json()
    check(shapes, shapes["paths"]["/api/v1/stakes/{slug}/"]["get"], stake)


def test_answers_to_changes_have_the_shapes_described(api, shapes, ana, ben, carol, chris, mona):
    report, other = (make_report(ana, carol, lessons=f"Ask Wombat {n}.") for n in (1, 2))
    make_known(ben)
    practice = make_practice(carol, reports=[report])
    claim = practice.claims().get()
    row = claim.evidence.get()
    published = make_published_practice(carol, chris, title="Published", reports=[report])
    at = {"public_id": report.public_id, "slug": practice.slug, "claim": claim.pk, "row": row.pk}
    words = {"words": "Wombat", "note": "It names someone."}
    verb, match = "experiences/{public_id}/", {"If-Match": "*"}
    for person, method, path, body in (
        (carol, "post", f"{verb}link/", {"other": other.public_id}),
        (ben, "post", f"{verb}flag/", {"reason": "abuse"}),
        (mona, "post", f"{verb}restore/", {}),
        (mona, "post", f"{verb}flag/", {"reason": "abuse"}),
        (mona, "post", f"{verb}keep/", {}),
        (mona, "post", f"{verb}withhold/preview/", words),
        (mona, "post", f"{verb}withhold/", words),
        (mona, "post", f"{verb}withheld/", None),
        (carol, "post", "practices/{slug}/material/", {"experiences": [other.public_id]}),
        (carol, "delete", f"practices/{{slug}}/material/{other.public_id}/", None),
        (carol, "post", "practices/{slug}/claims/", {"text": "Another."}),
        (carol, "patch", "claims/{claim}/", {"opinion": True}),
        (carol, "post", "claims/{claim}/move/", {"places": 1}),
        (carol, "delete", "evidence/{row}/", None),
        (carol, "delete", "claims/{claim}/", None),
        (carol, "post", f"practices/{published.slug}/lower/", {"reason": "From one place."}),
    ):
        address = f"/api/v1/{path.format(**at)}"
        answer = getattr(api(person), method)(address, body, headers=match)
        described = shapes["paths"][template_of(address)][method]
        assert answer.status_code < 300, (address, answer.content)
        assert str(answer.status_code) in described["responses"], address
        if answer.status_code != 204:
            check(shapes, described, answer.json(), str(answer.status_code))


def template_of(address):
    """Return an address as the description writes it."""
    place = resolve(address)
    for name, value in place.kwargs.items():
        address = address.replace(f"/{value}/", f"/{{{'id' if name == 'pk' else name}}}/")
    return address


def check(shapes, operation, answer, code="200"):
    schema = operation["responses"][code]["content"]["application/json"]["schema"]
    whole = {"$ref": schema["$ref"], "components": shapes["components"]}
    whole = json.loads(json.dumps(whole))
    found = [f"{list(one.path)}: {one.message}" for one in Draft202012Validator(whole).iter_errors(answer)]
    assert not found, (operation["operationId"], found)


def test_the_reference_is_a_page_in_both_languages(browse, shapes):
    for language, heading in (("en", "How it works"), ("fr", None)):
        answer = browse().get(reverse("api-docs"), headers={"Accept-Language": language})
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in text
        assert "/api/v1/experiences/{public_id}/submit/" in text
        assert heading is None or heading in text
        assert "<script" not in text
        assert " style=" not in text
