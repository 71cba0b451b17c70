"""Organisations are compared as people write them, and are one where a curator says so."""

import pytest
from django.core.exceptions import ValidationError

from practices.models import SameOrganisation
from practices.search.rebuild import grade_stands
from tests.conftest import make_person
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db
PAGE, LIST = "/practices/organisations/", "/api/v1/same-organisations/"


def told_from(carol, *organisations, **overrides):
    people = [make_person(f"p{number}") for number in range(len(organisations))]
    return [
        make_report(person, carol, organisation=organisation, **overrides)
        for person, organisation in zip(people, organisations, strict=True)
    ]


def support(practice):
    practice.refresh_from_db()
    return practice.assessment.support


def test_one_organisation_counts_once_however_it_is_written(carol, chris):
    reports = told_from(carol, "Acme", "ACME, Inc.", "Acmé SARL", "Globex", identity="named")
    assert support(make_published_practice(carol, chris, reports=reports)) == 2


def test_a_curator_says_that_two_names_are_one_and_undoes_it(browse, ana, carol, chris):
    practice = make_published_practice(
        carol, chris, reports=told_from(carol, "Acme", "Initech", "Globex", identity="named")
    )
    words = {"name": "ACME Ltd", "other": "Initech"}
    assert browse(ana).post(PAGE, words).status_code == 403
    assert browse().get(PAGE).status_code == 302
    assert support(practice) == 3
    assert browse(carol).post(PAGE, words).status_code == 302
    assert support(practice) == 2
    again = browse(carol).post(PAGE, {"name": "acme", "other": "INITECH SA"})
    assert again.status_code == 422
    assert "count as one already" in again.content.decode()
    row = SameOrganisation.objects.get()
    assert "ACME Ltd" in browse(chris).get(PAGE).content.decode()
    assert browse(ana).get(PAGE).status_code == 403
    assert browse(ana).post(f"{PAGE}{row.pk}/undo/").status_code == 403
    assert browse(chris).post(f"{PAGE}{row.pk}/undo/").status_code == 302
    assert support(practice) == 3
    assert browse(chris).post(f"{PAGE}{row.pk}/undo/").status_code == 422
    assert grade_stands(practice)


def test_programs_of_curators_say_it_read_it_and_undo_it(api, ana, carol):
    words = {"name": "Acme", "other": "Globex"}
    assert api(ana).post(LIST, words).status_code == 403
    assert api(ana).get(LIST).status_code == 403
    made = api(carol).post(LIST, words)
    assert (made.status_code, made.json()["name"]) == (201, "Acme")
    assert api(carol).post(LIST, words).status_code == 400
    assert api(carol).post(LIST, {"name": "", "other": "x"}).status_code == 400
    undo = f"{LIST}{made.json()['id']}/undo/"
    assert api(ana).post(undo).status_code == 404
    assert api(carol).post(undo).json()["undone_on"]
    assert api(carol).post(undo).status_code == 400
    [row] = api(carol).get(LIST).json()["results"]
    assert row["undone_on"]


def test_names_are_one_through_others(carol):
    say = SameOrganisation.objects.say
    say("Acme", "Globex", by=carol)
    say("Initech", "Globex", by=carol)
    page = SameOrganisation.objects.standing()
    assert page.count() == 2
    with pytest.raises(ValidationError, match="already"):
        say("acme", "initech", by=carol)


def test_no_answer_tells_whether_a_withheld_report_comes_from_there(carol, chris):
    reports = told_from(carol, "Acme", "Initech", "Globex", identity="withheld")
    practice = make_published_practice(carol, chris, reports=reports)
    before = practice.assessment_data
    SameOrganisation.objects.say("Acme", "Initech", by=carol)
    practice.refresh_from_db()
    assert practice.assessment_data == before
    assert not practice.log.filter(cause="organisations").exists()
