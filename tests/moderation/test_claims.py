"""Alarms about one claim of a practice: the moderator reads that sentence."""

import pytest
from django.core.exceptions import ValidationError

from experiences.models import Flag
from experiences.models.flags import raise_flag
from tests.conftest import make_person
from tests.factories import make_published_practice, make_report
from tests.test_api import is_problem

pytestmark = pytest.mark.django_db
FLAGS, QUEUE = "/api/v1/flags/", "/api/v1/moderation/"


@pytest.fixture
def practice(ana, carol, chris):
    return make_published_practice(carol, chris, reports=[make_report(ana, carol)])


@pytest.fixture
def claim(practice):
    return practice.current.claims.get()


def test_an_alarm_about_a_claim_is_raised_beside_it(practice, claim, ben, carol, mona, browse):
    address = f"/alarm/practice/{practice.slug}/?claim={claim.lasting_id}"
    for person, seen in ((ben, True), (carol, False), (None, False)):
        assert (address in browse(person).get(practice.get_absolute_url()).content.decode()) == seen
    assert address not in browse(ben).get(practice.current.get_absolute_url()).content.decode()
    assert claim.text in browse(ben).get(address).content.decode()
    assert browse(ben).post(address, {"reason": "abuse"}).status_code == 302
    assert Flag.objects.get().part == claim.lasting_id
    page = browse(mona).get("/moderation/")
    [line] = page.context["lines"]
    assert (line.kind.name, line.claims) == ("practice", [claim.text])
    assert claim.text in page.content.decode()


def test_what_is_no_claim_of_it_is_refused(practice, claim, ana, ben, carol, chris, browse, api):
    other = make_published_practice(carol, chris, title="Another", reports=[make_report(ana, carol)])
    foreign = other.current.claims.get()
    for wrong in ("nothing", foreign.lasting_id, "x" * 400):
        assert browse(ben).get(f"/alarm/practice/{practice.slug}/?claim={wrong}").status_code == 404
    report = practice.current.claims.get().evidence.get().report
    assert browse(ben).get(f"/alarm/report/{report.public_id}/?claim={claim.lasting_id}").status_code == 404
    body = {"kind": "practice", "id": practice.slug, "reason": "abuse"}
    for wrong in (foreign.pk, 10**9, "x", -1):
        assert is_problem(api(ben).post(FLAGS, body | {"claim": wrong}, format="json"), 400)
    with pytest.raises(ValidationError):
        raise_flag(report, by=ben, reason="abuse", part=claim.lasting_id)
    assert not Flag.objects.exists()
    assert api(ben).post(FLAGS, body | {"claim": claim.pk}, format="json").status_code == 201


def test_programs_read_which_claims_it_is_about(practice, claim, ben, mona, api):
    raise_flag(practice, by=ben, reason="abuse", part=claim.lasting_id)
    raise_flag(practice, by=make_person("reader"), reason="abuse")
    [line] = api(mona).get(QUEUE).json()["results"]
    assert (line["claims"], line["people"]) == ([claim.text], 2)
