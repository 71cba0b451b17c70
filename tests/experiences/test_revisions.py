"""What a report said before: kept each time it is sent, published or changed, and who may read it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from experiences.list_index.items import EFFORT_KEYS
from experiences.models import Revision, Source
from experiences.models.report.parts import Parts
from experiences.views import revisions
from tests.conftest import make_person
from tests.factories import WHERE, contexts, make_draft, make_report, stakes

pytestmark = pytest.mark.django_db
NOTE = {"reason": "unclear", "note": "Say when it happened."}


def change(report, by, parts=None, **columns):
    """Edit `report` as its author would."""
    for name, value in columns.items():
        setattr(report, name, value)
    report.parts = parts
    return report.write(by=by)


def kinds(report, reader=None):
    """Return the kinds of the revisions `reader` may read, the oldest first; all when nobody is named."""
    rows = report.revisions.visible_to(reader) if reader else report.revisions.all()
    return [row.kind for row in rows]


def sent_twice(ana, carol):
    """A first report that came back, was changed, and waits again."""
    report = make_draft(ana).submit(by=ana)
    report.return_to_author(by=carol, **NOTE)
    change(report, ana, result="Nine posters in ten moved; twelve people unsubscribed.")
    return report.submit(by=ana)


# --- Keeping ---------------------------------------------------------------------------------------


def test_each_sending_publication_and_later_change_is_kept_and_drafts_are_not(ana, carol):
    report = sent_twice(ana, carol)
    report.publish(by=carol)
    change(report, ana, lessons="Announce it twice.")
    assert kinds(report) == ["sent", "sent", "published", "edited"]
    assert [row.told["lessons"][:8] for row in report.revisions.all()] == ["Announce"] * 4
    assert report.revisions.last().told["lessons"] == "Announce it twice."


def test_the_same_telling_is_not_kept_twice(ana, carol):
    report = make_draft(ana).submit(by=ana)
    report.return_to_author(by=carol, **NOTE)
    change(report, ana)
    report.submit(by=ana)
    report.publish(by=carol)
    change(report, ana)
    assert kinds(report) == ["sent", "published"]
    change(report, ana, parts=Parts(stakes=stakes("few-carry-all")))
    assert kinds(report) == ["sent", "published", "edited"]


def test_a_trusted_author_s_report_begins_with_its_publication(ana, carol):
    make_report(ana, carol)
    assert kinds(make_report(ana, carol)) == ["published"]


def in_one_order(value):
    return sorted(value, key=str) if isinstance(value, list) else value


def test_a_revision_tells_what_the_api_tells_but_for_the_organisation(api, ana, carol):
    source = Source(url="https://example.org/plan", label="The plan", visibility="curators")
    report = make_draft(ana, measured=True, ended_on="2025-05", effort_hours=12, organisation="Quillfeather")
    change(report, ana, parts=Parts(keywords=["b", "A"], sources=[source]))
    report.submit(by=ana).publish(by=carol)
    told = report.revisions.last().told
    given = api(ana).get(f"/api/v1/experiences/{report.public_id}/").json()
    assert {name: in_one_order(given[name]) for name in told} == {
        name: in_one_order(value) for name, value in told.items()
    }
    assert set(report.WRITABLE) - set(told) == {
        "organisation",
        *(f"effort_{part}" for part in EFFORT_KEYS),
    }
    assert "Quillfeather" not in str(told)


# --- Who reads it ----------------------------------------------------------------------------------


def test_readers_read_what_was_public_its_author_and_curators_what_was_sent_too(ana, ben, carol, mona):
    report = sent_twice(ana, carol)
    nobody = AnonymousUser()
    assert [kinds(report, person) for person in (nobody, ben)] == [[], []]
    assert [kinds(report, person) for person in (ana, carol, mona)] == [["sent", "sent"]] * 3
    report.publish(by=carol)
    assert [kinds(report, person) for person in (nobody, ben)] == [["published"]] * 2
    assert [kinds(report, person) for person in (ana, carol)] == [["sent", "sent", "published"]] * 2
    report.flag(by=carol, reason="abuse")
    assert [kinds(report, person) for person in (nobody, ben, carol)] == [[], [], []]
    assert kinds(report, mona) == ["sent", "sent", "published"]


def test_once_a_name_is_withheld_readers_get_nothing_that_was_told_under_it(browse, api, ana, ben, carol):
    report = make_report(ana, carol, lessons="Ask Ana of Quillfeather.")
    change(report, ana, identity="withheld", lessons="Ask someone who was there.")
    change(report, ana, result="Nine in ten moved.")
    pages = (f"{report.get_absolute_url()}history/", f"/api/v1/experiences/{report.public_id}/revisions/")
    for client in (browse(), browse(ben), api(ben)):
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200
            assert "Quillfeather" not in answer.content.decode()
            assert answer.content.decode().count("Announce") == 0
    assert kinds(report, ben) == ["edited", "edited"]
    assert kinds(report, ana) == kinds(report, carol) == ["sent", "published", "edited", "edited"]
    assert "Quillfeather" in browse(ana).get(pages[1]).content.decode()


def test_a_source_for_curators_stays_hidden_in_what_was_said_before(browse, api, ana, ben, carol):
    public, secret = (Source(url=f"https://example.org/{name}") for name in ("public", "secret"))
    report = change(make_draft(ana), ana, parts=Parts(sources=[public, secret])).submit(by=ana)
    report.publish(by=carol)
    change(report, ana, parts=Parts(sources=[Source(url=secret.url, visibility="curators")]))
    address = f"/api/v1/experiences/{report.public_id}/revisions/"
    for client, seen in ((api(), False), (api(ben), False), (api(ana), True), (api(carol), True)):
        text = client.get(address).content.decode()
        assert ("example.org/secret" in text) is seen
        assert "example.org/public" in text
    assert "example.org/secret" not in browse().get(f"{report.get_absolute_url()}history/").content.decode()


def test_a_context_withheld_since_is_withheld_in_what_was_said_before(ana, ben, carol):
    report = make_report(ana, carol, where=WHERE | {"platform": ["chat"]})
    withheld = contexts(**WHERE, platform=["withheld"])
    change(report, ana, parts=Parts(contexts=withheld))
    first = report.revisions.visible_to(ben).first()
    assert first.content_for(ben)["contexts"]["platform"] == ["withheld"]
    assert first.content_for(ana)["contexts"]["platform"] == ["chat"]


def test_without_a_name_no_more_is_told_of_the_context_than_the_report_tells_now(ana, ben, carol):
    report = make_report(ana, carol, identity="withheld", where=WHERE | {"sector": ["finance"]})
    change(report, ana, parts=Parts(contexts=contexts(**WHERE)))
    first = report.revisions.visible_to(ben).first()
    assert first.content_for(ben)["contexts"] == {
        "audience": ["external"],
        "kind": ["open-source"],
        "community-size": ["c-1k-9k"],
    }
    assert first.content_for(carol)["contexts"]["sector"] == ["finance"]


def test_an_address_says_nothing_of_how_often_a_report_was_sent(api, ana, carol):
    report = sent_twice(ana, carol)
    report.publish(by=carol)
    [told] = api().get(f"/api/v1/experiences/{report.public_id}/revisions/").json()["results"]
    assert set(told) == {"id", "kind", "on", "told"}
    assert (told["kind"], len(told["id"])) == ("published", 12)


@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_a_revision_is_dated_by_its_day_and_without_a_name_by_its_month(identity, browse, api, ana, carol):
    report = make_report(ana, carol, identity=identity)
    change(report, ana, result="Nine in ten moved.")
    today = timezone.now()
    exact = identity == "named"
    told = api().get(f"/api/v1/experiences/{report.public_id}/revisions/").json()["results"]
    assert {row["on"] for row in told} == {today.strftime("%Y-%m-%d" if exact else "%Y-%m")}
    page = browse().get(f"{report.get_absolute_url()}history/").content.decode()
    day = f"{today.day} {today:%B %Y}"
    assert (day in page) is exact
    assert f"{today:%B %Y}" in page


# --- The page --------------------------------------------------------------------------------------


def test_any_two_revisions_are_compared_word_by_word(browse, ana, carol):
    report = make_report(ana, carol, measured=True)
    change(report, ana, title="We moved the mailing list to a wiki", verdict="backfired")
    change(report, ana, parts=Parts(stakes=stakes("few-carry-all"), measures=[], keywords=["wiki"]))
    page = browse().get(f"{report.get_absolute_url()}history/").content.decode()
    assert "<del>It worked" not in page
    assert "<ins>wiki\n</ins>" in page
    first, _middle, last = report.revisions.visible_to(AnonymousUser())
    asked = {"from": first.public_id, "to": last.public_id}
    page = browse().get(f"{report.get_absolute_url()}history/", asked).content.decode()
    assert "<del>forum</del><ins>wiki</ins>" in page
    assert "<del>It worked\n</del>" in page
    assert "10 → 20" in page


def test_a_revision_that_is_none_or_not_for_this_reader_is_not_found(browse, ana, ben, carol):
    report, other = sent_twice(ana, carol), make_report(ben, carol)
    report.publish(by=carol)
    address = f"{report.get_absolute_url()}history/"
    sent, public = report.revisions.first().public_id, report.revisions.last().public_id
    assert browse(ana).get(address, {"from": sent, "to": public}).status_code == 200
    for wrong in (sent, other.revisions.last().public_id, "1", "é" * 12, "x" * 5000):
        assert browse().get(address, {"from": wrong, "to": public}).status_code == 404
        assert browse().get(address, {"to": wrong}).status_code == 404


def test_the_page_of_a_report_says_that_it_changed(browse, ana, carol):
    report = make_report(ana, carol)
    address = report.get_absolute_url()
    assert f"{address}history/" not in browse().get(address).content.decode()
    change(report, ana, result="Nine in ten moved.")
    assert f'href="{address}history/"' in browse().get(address).content.decode()
    assert browse().get(f"{address}history/").status_code == 200


def test_a_report_published_before_revisions_were_kept_still_has_its_page(browse, ana, carol):
    report = make_report(ana, carol)
    Revision.objects.all().delete()
    assert browse().get(f"{report.get_absolute_url()}history/").status_code == 200
    assert browse(carol).get(report.get_absolute_url()).status_code == 200


# --- Between submissions ---------------------------------------------------------------------------


def test_what_is_compared_is_what_readers_read(browse, ana, carol):
    report = make_report(ana, carol, lessons="Ask **early**, see [it](https://example.org/1).", result="A\nb")
    change(report, ana, lessons="Ask *late*, see [it](https://example.org/2).", result="- A\n- b")
    page = browse().get(f"{report.get_absolute_url()}history/").content.decode()
    assert "Ask <del>early, </del><ins>late, </ins>see it" in page
    assert "<del>(https://example.org/1).</del><ins>(https://example.org/2).</ins>" in page
    assert "The words are the same. Only their layout changed." in page
    assert "**" not in page


def labels(compared):
    return {name: parts and [part.label for part in parts] for name, parts in compared.items()}


def test_its_author_and_reviewer_see_what_changed_since_it_came_back(browse, ana, ben, carol):
    report = sent_twice(ana, carol)
    for person in (ana, carol):
        page = browse(person).get(report.get_absolute_url()).content.decode()
        assert "<del>Eight </del><ins>Nine </ins>" in page
    assert labels(revisions.since_sent(report, carol)) == {"last": ["what happened"], "first": None}
    report.publish(by=carol)
    assert revisions.since_sent(report, ana) is None
    assert "<ins>" not in browse(ben).get(report.get_absolute_url()).content.decode()


def test_what_changed_since_it_was_first_sent_is_shown_too(ana, carol):
    report = sent_twice(ana, carol)
    report.return_to_author(by=carol, **NOTE)
    change(report, ana, lessons="Announce it twice.")
    report.submit(by=ana)
    assert labels(revisions.since_sent(report, carol)) == {
        "last": ["what we would tell a colleague"],
        "first": ["what happened", "what we would tell a colleague"],
    }


def test_a_report_sent_again_as_it_was_shows_no_earlier_change(ana, carol):
    report = sent_twice(ana, carol)
    report.return_to_author(by=carol, **NOTE)
    report.submit(by=ana)
    assert labels(revisions.since_sent(report, ana)) == {"last": [], "first": ["what happened"]}


def test_a_first_sending_is_compared_with_nothing(ana, carol):
    assert revisions.since_sent(make_draft(ana).submit(by=ana), carol) is None


# --- Programs --------------------------------------------------------------------------------------


def test_programs_read_revisions_page_by_page_the_newest_first(api, ana, carol):
    report = make_report(ana, carol)
    for number in range(30):
        change(report, ana, result=f"Attempt {number}.")
    address = f"/api/v1/experiences/{report.public_id}/revisions/"
    first = api().get(address).json()
    assert (first["count"], len(first["results"])) == (31, 25)
    assert first["results"][0]["told"]["result"] == "Attempt 29."
    second = api().get(first["next"]).json()
    assert [row["kind"] for row in second["results"]] == ["edited"] * 5 + ["published"]
    assert api().get(address, {"cursor": "x"}).status_code == 400
    assert (
        api(make_person("dora"))
        .get(f"/api/v1/experiences/{make_draft(ana).public_id}/revisions/")
        .status_code
        == 404
    )
