"""The description of the API: it is valid, complete, and what is sent and answered has its shapes."""

from django.urls import resolve, reverse
from openapi_spec_validator import validate

from experiences.search.reports import ReportFilterSet
from practices.search.filters import PracticeFilterSet
from tests.factories import (
    make_cluster,
    make_draft,
    make_known,
    make_practice,
    make_published_practice,
    make_report,
)
from tests.shapes import check

LIST = "/api/v1/experiences/"
LISTS = [LIST, "/api/v1/practices/", "/api/v1/stakes/", "/api/v1/contexts/", "/api/v1/competencies/"]


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


def test_the_reference_is_a_page_in_both_languages(browse, shapes):
    for language, heading in (("en", "How it works"), ("fr", None)):
        answer = browse().get(reverse("api-docs"), headers={"Accept-Language": language})
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in text
        assert "/api/v1/experiences/{public_id}/submit/" in text
        assert heading is None or heading in text
        assert text.count("<script") == 1  # of the search box of every page
        assert " style=" not in text
