"""Whatever comes in, the site answers with a sentence and a 4xx, never a 500; on both databases the same."""

import json
from itertools import product

import pytest

from tests.conftest import some
from tests.factories import make_published_practice, make_report
from tests.statuses import Statuses

pytestmark = pytest.mark.long

HOSTILE = [
    "abc", "%00", "a%00b", "2147483648", "-1", "1" * 400, "1e309", "NaN", "%F0%9F%92%A9", "%ED%A0%80",
    "%C3%28",
    "../../etc/passwd", "'%22%3E%3Cscript%3E", "%7B%7B7*7%7D%7D", "[" * 2000, "%E2%80%AE", "null", "[]", "0",
    "%0d%0aX:y",
]  # fmt: skip
PARAMETERS = [
    "q", "stake", "not_stake", "audience", "not_kind", "verdict", "language", "min_strength", "min_grade",
    "keyword",
    "updated_since", "ordering", "page_size", "cursor", "facets", "nonsense", "from", "to", "next", "format",
    "lang",
    "copy", "theme", "x[]", "page",
]  # fmt: skip
LISTS = [
    "/", "/experiences/", "/practices/", "/stakes/", "/glossary/", "/feeds/experiences/", "/feeds/practices/",
    "/sitemap.xml", "/robots.txt", "/situation/", "/experiences/new/", "/experiences/mine/",
    "/practices/desk/",
    "/practices/clusters/", "/api/v1/clusters/", "/vocabulary/", "/vocabulary/new/stakes/",
    "/vocabulary/stakes/moving-platform/reports/", "/vocabulary/keywords/", "/api/v1/keywords/",
    "/practices/new/", "/practices/grading/", "/accounts/login/", "/accounts/signup/", "/accounts/me/",
    "/accounts/tokens/", "/api/v1/experiences/", "/api/v1/practices/", "/api/v1/stakes/", "/api/v1/contexts/",
    "/api/v1/competencies/", "/api/v1/me/", "/api/v1/me/situation/", "/api/v1/me/experiences/",
    "/api/v1/tokens/",
    "/api/v1/schema/", "/api/v1/docs/", "/situation/visit/", "/languages/",
    "/experiences.csv", "/practices.csv", "/following/", "/api/v1/saved-searches/", "/search/",
    "/search/suggestions/", "/welcome/", "/welcome/following/", "/api/v1/search/", "/map/",
    "/api/v1/map/", "/api/v1/glossary/", "/role/", "/role.svg", "/role.opml", "/role.md",
    "/vocabulary.jsonld", "/api/v1/responsibilities/", "/notifications/", "/notifications/choices/",
    "/api/v1/notifications/", "/figures/", "/figures.csv", "/api/v1/figures/", "/practices/mine/",
    "/terms/", "/site/", "/site/texts/terms/",
]  # fmt: skip
SHAPED = [
    "/experiences/{}/", "/experiences/{}/edit/", "/experiences/{}/publish/", "/practices/{}/",
    "/experiences/{}.md", "/experiences/{}.bib",
    "/practices/{}/edit/",
    "/practices/{}/v/1/", "/practices/{}/translate/", "/practices/{}/follow/", "/practices/{}/comments/",
    "/vocabulary/stakes/{}/", "/vocabulary/contexts/{}/x/", "/vocabulary/stakes/{}/do/merge/",
    "/vocabulary/keywords/{}/", "/vocabulary/keywords/{}/do/dismiss/", "/api/v1/keywords/{}/add/",
    "/vocabulary/new/{}/", "/api/v1/contexts/audience/{}/", "/api/v1/stakes/{}/merge/",
    "/practices/{}/compare/", "/practices/{}/do/publish/", "/stakes/{}/", "/api/v1/experiences/{}/",
    "/practices/{}/material/", "/practices/clusters/{}/", "/practices/use/{}/", "/api/v1/clusters/{}/",
    "/api/v1/clusters/{}/begin/", "/api/v1/clusters/aside/?stake={}", "/api/v1/practices/{}/material/",
    "/api/v1/practices/x/material/{}/", "/api/v1/claims/{}/", "/api/v1/claims/{}/move/",
    "/api/v1/evidence/{}/", "/api/v1/experiences/{}/withheld/", "/api/v1/experiences/{}/withhold/preview/",
    "/api/v1/practices/{}/", "/api/v1/stakes/{}/", "/api/v1/experiences/{}/follow-ups/",
    "/api/v1/practices/{}/trials/",
    "/api/v1/claims/{}/evidence/", "/api/v1/tokens/{}/", "/practices/x/v/{}/", "/{}",
    "/following/{}/", "/following/{}/change/", "/following/{}/delete/", "/following/stop/{}/",
    "/feeds/searches/{}/", "/api/v1/saved-searches/{}/", "/notifications/{}/open/",
    "/api/v1/notifications/{}/", "/terms/v/{}/", "/site/logo/{}.png",
]  # fmt: skip
BODIES = [
    b"", b"null", b"[]", b"1", b'"x"', b"{", b"[" * 5000, b'{"title": "\\u0000"}', b'{"title": "\\ud800"}',
    b'{"title": 5, "stakes": "x", "contexts": [], "measures": {},'
    b' "sources": 1, "effort": [], "keywords": {"a": 1}}',
    b'{"title": {"a": 1}, "stakes": [{}], "contexts": {"audience": {"a": 1}},'
    b' "measures": [5], "sources": [[]]}',
    b'{"contexts": {"nope": ["x"]}, "stakes": [null], "keywords": [null], "effort": {"people": -1}}',
    b'{"effort": {"people": 99999999999999999999, "hours": 1e400, "weeks": NaN}}',
    b'{"started_on": "0000-00", "ended_on": 5, "verdict": [], "language": {}, "identity": null}',
    b'{"kind": [], "text": {}, "bearing": 5, "experience": {}, "excerpt": [], "opinion": "perhaps"}',
    b'{"verdict": "great", "line": 7, "text": [], "told_on": "never", "reason": {}, "note": [], "heir": 3}',
    b'{"words": [], "other": 5, "places": "1", "reason": 5}', b'{"places": 1e300, "experiences": [5, {}]}',
    b'{"places": 99999999999999999999999999, "words": "\\n\\n", "experiences": [], "stake": {}}',
    b'{"words": "(", "note": "[", "other": "/", "reason": "abuse", "experiences": ["\'"]}',
    b'{"name": [], "scope": "all", "days": "many"}', b"\xff\xfe",
    json.dumps({"title": "x" * 100_000}).encode(),
    b'{"name": "x", "list": "reports", "query": "q=%00&a;b&stake=%ff", "alert": "none"}',
]  # fmt: skip


@pytest.fixture
def people(ana, carol, chris, mona):
    """The kinds of person, with a report and a practice to look at."""
    report = make_report(ana, carol)
    make_published_practice(carol, chris, reports=[report])
    return [None, ana, carol, mona]


@pytest.fixture
def statuses(request):
    """Return a Statuses for a group of requests."""
    return lambda group: Statuses(group, request.config.cache)


@pytest.mark.parametrize("address", LISTS)
def test_no_parameter_of_a_list_brings_the_site_down(address, people, browse, statuses):
    clients, seen = [browse(person) for person in people], statuses(f"GET {address}")
    # Every value meets every parameter over the addresses, by different people.
    for (turn, parameter), step in some(product(enumerate(PARAMETERS), range(4)), address):
        value = HOSTILE[(turn + 5 * step + len(address)) % len(HOSTILE)]
        client = clients[(turn + step) % len(clients)]
        seen.ask(client.get, f"{address}?{parameter}={value}", what=f"{step} {parameter}={value[:60]}")
    seen.hold()


PARAMETERS_OF_PAGES = [
    ("/alarm/practice/{slug}/", "claim"),
    ("/alarm/report/{id}/", "claim"),
    ("/moderation/", "kind"),
    ("/experiences/{id}/history/", "from"),
    ("/experiences/new/", "begun_from"),
    ("/practices/{slug}/compare/", "from"),
    ("/practices/{slug}/", "to"),
    ("/practices/{slug}/material/", "q"),
    ("/practices/{slug}/claims/1/cite/", "report"),
    ("/practices/{slug}/use/", "q"),
    ("/practices/desk/", "language"),
    ("/practices/clusters/", "stake"),
    ("/vocabulary/", "q"),
    ("/vocabulary/", "state"),
    ("/vocabulary/new/stakes/", "group"),
    ("/vocabulary/stakes/moving-platform/reports/", "after"),
    ("/vocabulary/keywords/", "page"),
    ("/vocabulary/keywords/", "state"),
    ("/accounts/login/", "next"),
    ("/api/v1/experiences/", "q"),
    ("/api/v1/clusters/", "stake"),
    ("/api/v1/moderation/", "kind"),
    ("/api/v1/keywords/", "state"),
    ("/api/v1/keywords/", "cursor"),
]


@pytest.mark.parametrize(("shape", "parameter"), PARAMETERS_OF_PAGES)
def test_a_character_no_database_looks_up_is_refused_by_name(shape, parameter, people, browse, api):
    report = people[1].experiences.get()
    practice = report.evidence.first().claim.practice
    address = shape.format(id=report.public_id, slug=practice.slug)
    for person in people:
        for value in ("%00", "a%00b"):
            if address.startswith("/api/"):
                [error] = api(person).get(f"{address}?{parameter}={value}").json()["errors"]
                assert (error["field"], error["code"]) == (parameter, "invalid_character")
                continue
            answer = browse(person).get(f"{address}?{parameter}={value}")
            assert answer.status_code == 400
            assert f"<code>{parameter}</code>" in answer.content.decode()


@pytest.mark.parametrize("shape", SHAPED)
def test_no_address_brings_the_site_down(shape, people, browse, statuses):
    clients, seen = [browse(person) for person in people], statuses(f"any {shape}")
    for turn, value in some(enumerate(HOSTILE), shape):
        client, address = clients[turn % len(clients)], shape.format(value)
        for method in ("get", "post", "put", "delete"):
            answer = seen.ask(getattr(client, method), address, what=f"{method} {turn} {value[:60]}")
            assert answer.status_code >= 300, address[:80]
    seen.hold()


OF_REPORTS = ["", *(f"{verb}/" for verb in (
    "follow-ups", "withdraw", "return", "flag", "restore", "keep", "link", "discard", "withhold",
    "withhold/preview", "withheld",
))]  # fmt: skip
OF_PRACTICES = ["", *(f"{verb}/" for verb in (
    "claims", "trials", "retire", "comments", "translate", "follow", "lower", "material",
))]  # fmt: skip
TAKERS = [
    "/api/v1/experiences/", "/api/v1/practices/", "/api/v1/tokens/", "/api/v1/me/", "/api/v1/me/situation/",
    "/api/v1/claims/{claim}/evidence/", "/api/v1/claims/{claim}/", "/api/v1/claims/{claim}/move/",
    "/api/v1/clusters/aside/", "/api/v1/clusters/take-back/", "/api/v1/saved-searches/",
    *(f"/api/v1/experiences/{{report}}/{rest}" for rest in OF_REPORTS),
    *(f"/api/v1/practices/{{practice}}/{rest}" for rest in OF_PRACTICES),
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_no_body_brings_the_api_down(body, people, api, statuses):
    report = people[1].experiences.get()
    claim = report.evidence.first().claim.practice.claims().first()
    names = {"report": report.public_id, "practice": claim.practice.slug, "claim": claim.pk}
    seen = statuses(f"body {BODIES.index(body):02} {body[:60]}")
    sent = {"content_type": "application/json", "HTTP_IF_MATCH": '"1"'}
    for person in people[1:]:
        client = api(person)
        for shape, method in some(product(TAKERS, ["POST", "PUT", "PATCH"]), body, person.email):
            address, what = shape.format(**names), f"{person.display_name} {method} {shape}"
            seen.ask(client.generic, method, address, body, what=what, **sent)
    seen.hold()


FORMS = ["\x00", "x" * 200_000, "٣", "2026-99", "-5", "1e9", "<script>", "9" * 40]


@pytest.mark.parametrize("value", FORMS)
def test_no_form_field_brings_the_site_down(value, people, browse, statuses):
    ana, carol = people[1], people[2]
    report = ana.experiences.get()
    practice = report.evidence.first().claim.practice
    member, curator = browse(ana), browse(carol)
    seen = statuses(f"form {value[:20]}")
    page = member.get("/experiences/new/").content.decode()
    names = {piece.split('"')[0] for piece in page.split('name="')[1:]}
    assert {"title", "situation", "verdict"} <= names
    addresses = {
        "new": "/experiences/new/",
        "edit": f"/experiences/{report.public_id}/edit/",
        "own": "/situation/",
    }
    # Over the values, every form meets every field.
    for turn, name in some(enumerate(sorted(names), FORMS.index(value)), value):
        form = list(addresses)[turn % len(addresses)]
        seen.ask(member.post, addresses[form], {name: value}, what=f"{form} {name}")
    for form, address in addresses.items():
        seen.ask(member.post, address, dict.fromkeys(names, value), what=f"{form}, all fields")
    for verb in ("flag", "withdraw", "follow-up", "return", "link", "restore", "nonsense"):
        fields = dict.fromkeys(["reason", "note", "text", "verdict", "other", "version"], value)
        seen.ask(member.post, f"/experiences/{report.public_id}/{verb}/", fields, what=f"report {verb}")
    for verb in ("submit", "publish", "return", "retire", "reopen", "lower", "nonsense"):
        fields = dict.fromkeys(["reason", "note", "heir", "edit_version"], value)
        seen.ask(curator.post, f"/practices/{practice.slug}/do/{verb}/", fields, what=f"practice {verb}")
    seen.hold()
