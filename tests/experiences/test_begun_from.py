"""“The same happened to me”: a report begun from one that was read."""

import pytest

from accounts.models import OutgoingMail
from experiences.models import Experience, Situation, Stake
from experiences.models.vocabulary.cache import forget
from tests.factories import TYPED, contexts, make_draft, make_report

pytestmark = pytest.mark.django_db
WORDS = "lantern"  # in all that its author wrote


@pytest.fixture
def read(ana, carol):
    """A report of ana, full of words of her own."""
    told = dict.fromkeys(("title", *Experience.TEXTS), f"A {WORDS} in the window.")
    return make_report(
        ana, carol, **told, stakes_=("moving-platform", "first-steps"), keywords=[WORDS], measured=True,
        where={"audience": ["external"], "kind": ["open-source"], "community-size": ["c-1k-9k"],
               "sector": ["finance"]},
        organisation="Quillfeather", effort_hours=77,
    )  # fmt: skip


def begun(client, report):
    return client.get(f"/experiences/new/?begun_from={report.public_id}")


def test_stakes_and_one_s_own_situation_are_filled_in_and_nothing_else(read, ben, browse):
    Situation.state(contexts(audience=["internal"], platform=["forum"]), by=ben)
    page = begun(browse(ben), read)
    report = page.context["form"].instance
    assert {stake.slug for stake in report.given("stakes")} == {"moving-platform", "first-steps"}
    assert {context.slug for context in report.given("contexts")} == {"internal", "forum"}
    assert not any(getattr(report, name) for name in ("title", "verdict", *Experience.TEXTS))
    assert (report.organisation, report.effort_hours) == (ben.organisation, None)
    assert not any(report.given(name) for name in ("measures", "sources", "keywords"))
    text = page.content.decode()
    assert text.count(WORDS) == 1  # The title, in the link that leads back.
    assert f'href="{read.get_absolute_url()}"' in text
    assert "You begin from this report:" in text
    assert not Experience.objects.filter(author=ben).exists()


def test_a_report_begun_so_is_made_once_and_is_one_s_own(read, ben, browse):
    client = browse(ben)
    key = begun(client, read).context["submission_key"]
    words = TYPED | {"submission_key": key, "version": "0", "do": "save", "stakes": ["first-steps"]}
    first, second = (client.post("/experiences/new/", words) for _time in range(2))
    assert first["Location"] == second["Location"]
    report = ben.experiences.get()
    assert [stake.slug for stake in report.stakes.all()] == ["first-steps"]
    assert report.author == ben
    assert not OutgoingMail.objects.filter(recipient=read.author.email, subject__contains=report.title)


def test_visitors_sign_in_and_come_back(read, browse):
    page = browse().get(read.get_absolute_url()).content.decode()
    address = f"/experiences/new/?begun_from={read.public_id}"
    assert f'href="{address}"' in page
    answer = browse().get(address)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next=/experiences/new/%3Fbegun_from%3D{read.public_id}")


def test_nothing_begins_from_what_is_not_public(read, ana, ben, carol, browse):
    draft = make_draft(ana)
    assert begun(browse(ana), read).context["begun_from"] == read
    read.withdraw(by=ana, note="I was wrong.")
    for report in (draft, read):
        for person in (ana, ben, carol):
            page = begun(browse(person), report)
            assert (page.status_code, page.context["begun_from"]) == (200, None)
            assert page.context["form"].instance.given("stakes") == []
    assert browse(ben).get("/experiences/new/?begun_from=nonsense").context["begun_from"] is None


def test_a_stake_that_is_out_of_use_is_not_filled_in(read, ben, mona, browse):
    Stake.objects.get(slug="first-steps").retire(by=mona, note="Too wide.")
    forget()
    stakes = begun(browse(ben), read).context["form"].instance.given("stakes")
    assert [stake.slug for stake in stakes] == ["moving-platform"]


def test_authors_are_not_asked_whether_the_same_happened_to_them(read, ana, ben, browse):
    for person, asked in ((ana, False), (ben, True), (None, True)):
        page = browse(person).get(read.get_absolute_url()).content.decode()
        assert ("begun_from=" in page) == asked
