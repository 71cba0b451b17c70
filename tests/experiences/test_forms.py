"""The report's form: what it shows, what it keeps, what it refuses."""

import pytest
from django.http import QueryDict
from django.utils.translation import override

from experiences.forms import ExperienceForm
from experiences.models import Effect, Experience, Stake
from experiences.models.vocabulary.cache import forget
from tests.factories import TYPED, make_draft

pytestmark = pytest.mark.django_db


def typed(**changes):
    """Return a POST of a complete form with `changes` (underscores for hyphens); None leaves out."""
    data = QueryDict(mutable=True)
    for name, value in (TYPED | {key.replace("__", "-"): one for key, one in changes.items()}).items():
        data.setlist(name, value if isinstance(value, list) else [value] if value is not None else [])
    return data


def form_of(report=None, changed_rows="", **changes):
    return ExperienceForm(typed(**changes), instance=report or Experience(), changed_rows=changed_rows)


def measure(number=0, **changes):
    row = {"effect": "", "direction": "up", "before": "10", "after": "20", "source": "logs"} | changes
    return {"measures": [str(number)]} | {f"measures__{number}__{name}": text for name, text in row.items()}


def test_a_complete_form_is_valid_and_fills_the_parts():
    form = form_of(keywords="forum,  Archive , ")
    assert form.is_valid(), form.errors
    parts = form.instance.parts
    assert [stake.slug for stake in parts.stakes] == ["moving-platform"]
    assert {context.slug for context in parts.contexts} == {"external", "open-source", "c-1k-9k"}
    assert parts.keywords == ["forum", "Archive"]
    assert form.instance.missing() == {}


def test_an_empty_form_is_a_valid_draft_that_says_what_is_missing():
    form = ExperienceForm(QueryDict("language=en&identity=withheld"), instance=Experience())
    assert form.is_valid(), form.errors
    assert set(form.instance.missing()) == {*Experience.NEEDED, "audience", "kind", "community-size"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 201),
        ("title", "a\0b"),
        ("situation", "x" * 80_001),
        ("started_on", "2999-01"),
        ("started_on", "soon"),
        ("verdict", "splendid"),
        ("stakes", ["moving-platfrom"]),
        ("audience", "everybody"),
        ("kind", ["support", "open-source", "practice"]),
        ("keywords", ",".join("abcdefghijk")),
        ("keywords", "x" * 51),
        ("effort_people", "-1"),
        ("effort_hours", "9" * 30),
    ],
)
def test_a_bad_value_is_refused_beside_its_field(field, value):
    assert form_of().is_valid()
    form = form_of(**{field: value})
    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_the_end_is_not_before_the_beginning():
    form = form_of(started_on="2025-06", ended_on="2025-01")
    assert not form.is_valid()
    assert "ended_on" in form.errors


def test_six_stakes_are_too_many():
    slugs = list(Stake.objects.values_list("slug", flat=True)[:6])
    assert form_of(stakes=slugs[:5]).is_valid()
    assert "stakes" in form_of(stakes=slugs).errors


def test_every_facet_takes_unknown_and_withheld():
    form = form_of()
    for facet in form.facets:
        assert {"unknown", "withheld"} <= {str(slug) for slug, _label in form.fields[facet.slug].choices}
    assert form_of(audience="unknown", kind=["withheld"]).is_valid()


def test_a_retired_stake_stays_where_it_was_chosen_and_is_offered_nowhere_else(ana):
    report = make_draft(ana)
    Stake.objects.filter(slug="moving-platform").update(retired_on="2026-01-01")
    forget()
    assert form_of(report).is_valid()
    assert "stakes" in form_of().errors


def test_a_row_of_measures_becomes_a_measure_and_a_blank_one_says_nothing():
    form = form_of(**measure(effect=str(effect())))
    assert form.is_valid(), form.errors
    assert [row.after for row in form.instance.parts.measures] == ["20"]
    blank = form_of(**measure(direction="", before="", after="", source=""))
    assert blank.is_valid(), blank.errors
    assert blank.instance.parts.measures == []


def effect():
    return Effect.objects.get(slug="participation").pk


def test_a_measure_without_its_effect_is_refused():
    form = form_of(**measure())
    assert not form.is_valid()
    assert set(form.errors) == {"measures"}


def test_eleven_measures_are_too_many_and_none_is_dropped():
    rows = {}
    for number in range(11):
        rows |= measure(number, effect=str(effect()))
    rows["measures"] = [str(number) for number in range(11)]
    form = form_of(**rows)
    assert "measures" in form.errors
    assert len(form.rows["measures"]) == 11


def test_a_source_is_a_link_of_the_web():
    row = {"sources": ["0"], "sources__0__url": "javascript:alert(1)", "sources__0__visibility": "public"}
    assert "sources" in form_of(**row).errors
    assert form_of(**row | {"sources__0__url": "https://example.org/"}).is_valid()


def test_asking_for_a_row_adds_one_and_dropping_a_row_keeps_the_others():
    rows = measure(0) | measure(4, after="44") | {"measures": ["0", "4"]}
    added = form_of(changed_rows="add:measures", **rows)
    assert [row.number for row in added.rows["measures"]] == ["0", "4", "5"]
    dropped = form_of(changed_rows="remove:measures-0", **rows)
    assert [row["after"].value() for row in dropped.rows["measures"]] == ["44"]


@pytest.mark.parametrize(
    "changed", ["", "x", "add:", "add:title", "remove:measures-9", "\0", "add:measures:9"]
)
def test_odd_row_requests_change_nothing(changed):
    form = form_of(changed_rows=changed, **measure(0) | {"measures": ["0", "x", "٣", "-1", "9" * 9, "0"]})
    numbers = [row.number for row in form.rows["measures"]]
    assert numbers[0] == "0"
    assert len(numbers) <= 2


def as_sent(report, **changes):
    """Return the POST of the edit form of `report`, as a browser would send it, with `changes`."""
    shown = ExperienceForm(instance=report)
    data = QueryDict(mutable=True)
    for bound in [field for field in shown if field.name not in ("measures", "sources")]:
        value = bound.value()
        value = value.strftime("%Y-%m") if hasattr(value, "strftime") else value
        data.setlist(bound.name, value if isinstance(value, list) else [] if value is None else [str(value)])
    for row in shown.rows["measures"]:
        data.appendlist("measures", row.number)
        for bound in row:
            data[bound.html_name] = str(bound.value() or "")
    for name, value in changes.items():
        data[name] = value
    return data


def test_an_unchanged_form_stores_what_was_stored(ana):
    report = make_draft(ana, measured=True, where={"audience": ["internal"], "platform": ["forum", "chat"]})
    before = [report.title, set(report.stakes.all()), set(report.contexts.all()), str(report.measures.get())]
    form = ExperienceForm(as_sent(report), instance=report)
    assert form.is_valid(), form.errors
    report.write(by=ana)
    report.refresh_from_db()
    assert before == [
        report.title,
        set(report.stakes.all()),
        set(report.contexts.all()),
        str(report.measures.get()),
    ]


def test_what_is_wrong_in_a_row_is_said_as_the_language_does(ana):
    report = make_draft(ana, measured=True)
    with override("fr"):
        form = ExperienceForm(as_sent(report, **{"measures-0-direction": ""}), instance=report)
        assert form.errors["measures"] == ["1. Sens : Ce champ est obligatoire."]
        assert form.rows["measures"][0].fields["direction"].choices[0] == ("", "Choisir")


def test_lines_end_one_way_whatever_the_browser_sends(ana):
    report = make_draft(ana)
    form = ExperienceForm(as_sent(report, action="One.\r\nTwo.\rThree."), instance=report)
    assert form.is_valid(), form.errors
    report.write(by=ana)
    report.refresh_from_db()
    assert report.action == "One.\nTwo.\nThree."


def test_only_what_differs_is_compared(ana):
    report = make_draft(ana, measured=True, ended_on="2025-06")
    again = ExperienceForm(as_sent(report, result="Other words."), instance=report)
    stored = Experience.objects.get(pk=report.pk)
    assert [(str(label), mine) for label, _theirs, mine in again.differences(stored)] == [
        ("What happened", "Other words.")
    ]
