"""The page and the API refuse the same things in the same words."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from experiences.models import Effect, Experience, Stake
from tests.factories import TOLD, WHERE

BODY = {**TOLD, "stakes": ["moving-platform"], "contexts": WHERE}
NEXT_YEAR = (date.today() + timedelta(days=400)).strftime("%Y-%m")
MEASURE = {"effect": "participation", "direction": "up"}
SOURCE = {"url": "https://example.org/", "label": "", "visibility": "public"}

BAD = {
    "a long title": {"title": "x" * 201},
    "a long text": {"situation": "x" * 80_001},
    "an organisation too long": {"organisation": "x" * 121},
    "no month": {"started_on": "2025-13"},
    "a month to come": {"started_on": NEXT_YEAR},
    "an end before the beginning": {"started_on": "2025-02", "ended_on": "2025-01"},
    "many keywords": {"keywords": [f"word {number}" for number in range(11)]},
    "a long keyword": {"keywords": ["x" * 51]},
    "many kinds": {"contexts": WHERE | {"kind": ["open-source", "product", "practice"]}},
    "a number below nought": {"effort": {"people": -1}},
    "a number too large": {"effort": {"hours": 2**31}},
    "no number": {"effort": {"weeks": "three"}},
    "many measures": {"measures": [MEASURE] * 11},
    "a long indicator": {"measures": [MEASURE | {"indicator": "x" * 201}]},
    "a link that is none": {"sources": [SOURCE | {"url": "nowhere"}]},
    "a script for a link": {"sources": [SOURCE | {"url": "javascript:alert(1)"}]},
    "many sources": {"sources": [SOURCE] * 11},
}
OFF_LIST = {
    "a verdict": {"verdict": "great"},
    "a language": {"language": "de"},
    "an identity": {"identity": "anonymous"},
    "a stake": {"stakes": ["first-stpes"]},
    "a context": {"contexts": WHERE | {"audience": ["intern"]}},
    "an effect": {"measures": [MEASURE | {"effect": "luck"}]},
}


def as_form(body):
    """Return `body`, which the API takes, as the page's form sends it."""
    data = {key: value for key, value in body.items() if isinstance(value, str)}
    data |= {"language": "en", **{key: data[key] for key in data if key == "language"}, "version": "0"}
    data["stakes"] = body["stakes"]
    data["keywords"] = ", ".join(body.get("keywords", []))
    data |= body["contexts"]
    data |= {f"effort_{key}": str(value) for key, value in body.get("effort", {}).items()}
    for name in ("measures", "sources"):
        rows = body.get(name, [])
        data[name] = [str(number) for number in range(len(rows))]
        for number, row in enumerate(rows):
            data |= {f"{name}-{number}-{key}": value for key, value in row.items()}
            if name == "measures":
                effect = Effect.objects.filter(slug=row["effect"]).first()
                data[f"measures-{number}-effect"] = effect.pk if effect else "luck"
    return data


def refusals(browse, api, person, given):
    """Return {field: [messages]} as the page and as the API give them."""
    body = BODY | given
    page = browse(person).post(reverse("experiences:new"), as_form(body) | {"do": "save"})
    answer = api(person).post("/api/v1/experiences/", body)
    assert (page.status_code, answer.status_code) == (422, 400), (page.content, answer.content)
    form = {name: list(messages) for name, messages in page.context["form"].errors.items()}
    program = {}
    for error in answer.json()["errors"]:
        program.setdefault(error["field"], []).append(error["message"])
    return form, program


@pytest.mark.parametrize("given", BAD.values(), ids=BAD)
def test_what_breaks_a_rule_is_refused_in_the_same_words(browse, api, ana, given):
    form, program = refusals(browse, api, ana, given)
    assert form == program


@pytest.mark.parametrize("given", [*BAD.values(), *OFF_LIST.values()], ids=[*BAD, *OFF_LIST])
def test_a_refusal_has_a_code_that_says_why_and_not_where(api, ana, given):
    answer = api(ana).post("/api/v1/experiences/", BODY | given)
    codes = {error["code"] for error in answer.json()["errors"]}
    assert codes
    assert codes.isdisjoint({field.name for field in Experience._meta.get_fields()})


@pytest.mark.parametrize("given", OFF_LIST.values(), ids=OFF_LIST)
def test_what_is_on_no_list_is_refused_by_both_and_makes_no_term(browse, api, ana, given):
    before = Stake.objects.count()
    form, program = refusals(browse, api, ana, given)
    assert set(form) == set(program)
    assert Stake.objects.count() == before


def test_what_is_missing_is_said_in_the_same_words(browse, api, ana):
    page = browse(ana).post(
        reverse("experiences:new"), {"title": "Only a title", "version": "0", "do": "send"}
    )
    made = api(ana).post("/api/v1/experiences/", {"title": "Only a title"}).json()
    answer = api(ana).post(f"{made['url']}submit/")
    form = {name: list(messages) for name, messages in page.context["form"].errors.items()}
    program = {error["field"]: [error["message"]] for error in answer.json()["errors"]}
    assert form == program
