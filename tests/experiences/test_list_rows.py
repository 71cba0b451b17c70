"""Lists are read from rows written for them, and from columns that processes hold: always what is stored."""

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from experiences.list_index import held, tags
from experiences.list_index.columns import places
from experiences.list_index.held import HeldList
from experiences.models import Experience, ListedReport, ListState, Situation, Stake
from experiences.search.pagination import encode
from experiences.search.reports import ReportFilterSet
from practices.models import ListedPractice, Practice
from tests.factories import contexts, make_practice, make_published_practice, make_report

API = "/api/v1/experiences/"


# --- In step -------------------------------------------------------------------------------------


def keys_of(one):
    columns = one.catch_up().columns
    return set(columns.keys[places(columns.listed, columns.size)].tolist())


@pytest.mark.django_db
def test_another_process_finds_what_is_published_and_no_more_what_is_withdrawn(ana, carol):
    other = HeldList(ListedReport)
    first = make_report(ana, carol)
    assert keys_of(other) == {first.pk}
    second = make_report(ana, carol)
    assert keys_of(other) == {first.pk, second.pk}
    first.withdraw(by=ana, note="No more.")
    assert keys_of(other) == {second.pk}


@pytest.mark.django_db
def test_what_is_undone_is_not_listed(ana, carol, api):
    kept = make_report(ana, carol)
    with transaction.atomic():
        make_report(ana, carol, title="Never was")
        kept.withdraw(by=ana, note="No more.")
        assert {item["title"] for item in api().get(API).json()["results"]} == {"Never was"}
        transaction.set_rollback(True)
    found = api().get(API).json()
    assert ([item["id"] for item in found["results"]], found["count"]) == ([kept.public_id], 1)


def test_who_waits_too_long_for_a_list_being_read_is_refused(settings):
    settings.STATEMENT_TIMEOUT = 0.01
    one = HeldList(ListedReport)
    with one._lock, pytest.raises(OperationalError):  # As while another thread waits for the database.
        one.catch_up()


@pytest.mark.django_db
def test_an_answer_is_of_one_state_whatever_is_published_meanwhile(ana, carol, api, monkeypatch):
    make_report(ana, carol, title="First")
    read, turns = ReportFilterSet._read_rows, []

    def and_publish(self, keys, **options):
        if len(turns) < 2:
            turns.append(make_report(ana, carol, title=f"Meanwhile {len(turns)}"))
        return read(self, keys, **options)

    monkeypatch.setattr(ReportFilterSet, "_read_rows", and_publish)
    answer = api().get(f"{API}?facets=1").json()
    assert (answer["count"], len(answer["results"]), answer["facets"]["verdict"]) == (3, 3, {"worked": 3})


@pytest.mark.django_db
def test_who_never_catches_up_with_what_is_published_is_told_nothing_newer(ana, carol, api, monkeypatch):
    read = ReportFilterSet._read_rows

    def and_publish(self, keys, **options):
        make_report(ana, carol)
        return read(self, keys, **options)

    monkeypatch.setattr(ReportFilterSet, "_read_rows", and_publish)
    answer = api().get(API)
    assert answer.json()["count"] == len(answer.json()["results"])
    monkeypatch.undo()
    assert api().get(API, headers={"If-None-Match": answer["ETag"]}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_rows_are_numbered_once_they_are_stored(ana, carol):
    report = make_report(ana, carol)
    numbers = ListedReport.objects.values_list("number", flat=True)
    assert list(numbers) == [ListState.objects.get(name="reports").number]
    report.withdraw(by=ana, note="No more.")
    assert list(numbers.all()) > list(numbers)
    row = ListedReport.objects.get()
    assert (row.is_listed, row.item, row.card, bytes(row.tags)) == (False, "", "", b"")


# --- What they show ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_items_of_a_list_say_what_the_whole_report_says(ana, carol, chris, api):
    report = make_report(ana, carol, measured=True)
    make_published_practice(carol, chris, reports=[report])
    report.refresh_from_db()
    report.follow_up(by=ana, verdict="worked", text="It still holds.")
    (item,) = api().get(API).json()["results"]
    whole = api().get(f"{API}{report.public_id}/").json()
    assert item["feeds"]
    assert item["follow_ups"]
    assert item.pop("excerpt")
    assert item == {name: value for name, value in whole.items() if name in item}
    assert set(whole) - set(item) == set(Experience.TEXTS)


@pytest.mark.django_db
def test_what_became_of_a_report_is_listed_while_it_is_shown(ana, carol, mona, api):
    report = make_report(ana, carol)
    told = report.follow_up(by=ana, verdict="worked", text="It still holds.")

    def listed():
        return [row["text"] for row in api().get(API).json()["results"][0]["follow_ups"]]

    assert listed() == ["It still holds."]
    told.hide(by=mona)
    assert listed() == []
    told.allow(by=mona)
    assert listed() == ["It still holds."]
    told.remove(by=mona, note="It names someone.")
    assert listed() == []
    call_command("check_index")


def renamed(person):
    person.display_name = "Anaïs"
    person.save()


@pytest.mark.django_db
def test_a_new_name_stands_on_every_card_at_once(ana, carol, browse, api):
    make_report(ana, carol)
    assert "Ana" in browse().get("/experiences/").content.decode()
    renamed(ana)
    assert "Anaïs" in browse().get("/experiences/").content.decode()
    assert api().get(API).json()["results"][0]["author"] == {"name": "Anaïs"}


@pytest.mark.django_db
def test_a_reworded_stake_stands_on_every_card_at_once(ana, carol, mona, browse, monkeypatch):
    make_report(ana, carol)
    stake = Stake.objects.get(slug="moving-platform")
    assert stake.name_en in browse().get("/experiences/").content.decode()
    # Another process rewords it: what this one holds of the lists is not forgotten here.
    monkeypatch.setattr("experiences.models.vocabulary.edit.forget", lambda: None)
    stake.edit(by=mona, name_en="Moving house")
    assert "Moving house" in browse().get("/experiences/").content.decode()


@pytest.mark.django_db
def test_words_that_look_like_a_slot_stay_words(ana, carol, browse):
    title = "<!--byline --><!--/title --> and <!--verdict worked-->"
    make_report(ana, carol, title=title, result=f"{title} &lt;!--alike --&gt;")
    page = browse().get("/experiences/", {"q": "verdict"}).content.decode()
    assert page.count("<!--") == 0
    assert "&lt;!--" in page


@pytest.mark.django_db
def test_lists_that_an_older_version_left_are_made(ana, carol, chris, api):
    report = make_report(ana, carol)
    make_published_practice(carol, chris, reports=[report])
    for name in ("reports", "practices"):
        held.LISTS[name].model.objects.all().delete()
        held.LISTS[name].forget()
    assert api().get(API).json()["count"] == 0
    call_command("rebuild_index", missing=True)
    assert api().get(API).json()["count"] == api().get("/api/v1/practices/").json()["count"] == 1
    call_command("check_index")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?facets=1&verdict=worked", "?q=forum"])
def test_a_list_is_read_again_once_anything_of_it_is_another(query, ana, ben, carol, mona, chris, api):
    report, other = make_report(ana, carol), make_report(ben, carol, verdict="backfired")
    practice = make_published_practice(carol, chris, reports=[report])

    def tag(**headers):
        answer = api().get(f"{API}{query}", headers=headers)
        return answer.status_code, answer["ETag"], answer.content

    changes = [
        lambda: renamed(ana),
        lambda: ana.experiences.get().follow_up(by=ana, verdict="worked", text="It still holds."),
        lambda: practice.retire(by=carol, note="No more."),
        lambda: Stake.objects.get(slug="moving-platform").edit(by=mona, name_en="Moving house"),
        lambda: other.withdraw(by=ben, note="No more."),
    ]
    for change in changes:
        _code, before, body = tag()
        assert tag(**{"If-None-Match": before}) == (304, before, b"")
        change()
        code, after, said = tag(**{"If-None-Match": before})
        assert (code, after != before) == (200, True)
        assert tag(**{"If-None-Match": after})[0] == 304
    assert api().get(API, headers={"If-None-Match": after}).status_code == (304 if not query else 200)


@pytest.mark.django_db
def test_one_s_own_language_comes_first_unless_both_are_wanted(ana, carol, browse):
    for number in range(3):
        make_report(ana, carol, title=f"Forum {number}", language=["en", "fr"][number % 2])

    def titles(reader, query="", language="en"):
        answer = reader.get(f"/experiences/{query}", headers={"Accept-Language": language})
        page = answer.context["listing"].page
        return [row.told["title"] for row in page.rows], page.next

    newest = [row.title for row in Experience.objects.order_by("-order_key")]
    english, french = [one for one in newest if one != "Forum 1"], ["Forum 1"]
    reader = browse()
    assert titles(reader)[0] == english + french
    assert titles(reader, language="fr")[0] == french + english
    first, cursor = titles(reader, "?page_size=2")
    assert first == english
    assert titles(reader, f"?page_size=2&cursor={cursor}")[0] == french
    reader.post("/languages/", {"languages": "both", "next": "/experiences/"})
    assert titles(reader)[0] == newest


@pytest.mark.django_db
def test_a_cursor_leads_on_for_who_reads_with_other_languages_first(ana, carol, browse):
    """The address of a page that one shares, or keeps, is a page for everybody."""
    for number in range(4):
        make_report(ana, carol, title=f"Forum {number}", language=["en", "fr"][number % 2])
    english = browse()
    later = english.get("/experiences/?page_size=3").context["listing"].next_url
    assert [row.told["language"] for row in english.get(later).context["listing"].page.rows] == ["fr"]

    mixed = browse()
    mixed.cookies["languages"] = "both"

    answer = mixed.get(later)
    assert answer.status_code == 200
    caches["pages"].clear()  # A page that was kept has no context.
    last = max(row.pk for row in english.get(later).context["listing"].page.rows)
    assert last in [row.pk for row in mixed.get("/experiences/").context["listing"].page.rows]
    for cursor in (encode("after", [2, 1]), encode("after", [9, 1])):
        assert mixed.get(f"/experiences/?cursor={cursor}").status_code == 400


@pytest.mark.django_db
def test_by_likeness_a_page_is_another_once_its_cursors_are(ana, carol, api):
    """They hold scores, which are those of the asker's situation."""
    for number in range(2):
        make_report(ana, carol, title=f"Forum {number}")
    address = f"{API}?ordering=likeness&page_size=1"
    Situation.state(contexts(audience=["external"]), by=ana)
    near = api(ana).get(address)
    Situation.state(contexts(audience=["internal"]), by=ana)

    far = api(ana).get(address, headers={"If-None-Match": near["ETag"]})

    assert far.status_code == 200
    assert far.json()["next"] != near.json()["next"]


@pytest.mark.django_db
def test_what_was_read_before_a_verb_lists_nothing_that_it_took_away(carol, chris, mona, api):
    retired, removed = (make_published_practice(carol, chris, title=title) for title in ("One", "Two"))
    before = [Practice.objects.get(pk=one.pk) for one in (retired, removed)]
    retired.retire(by=carol, note="No more.")
    removed.remove(by=mona, note="It mocks a member.")

    for practice in before:
        practice.regrade(cause="edited")

    assert not ListedPractice.objects.filter(is_listed=True).exists()
    assert api().get("/api/v1/practices/").json()["count"] == 0
    call_command("check_index")


@pytest.mark.django_db
def test_a_practice_is_listed_once_by_each_verb(ana, carol, chris, mona):
    def writes(verb):
        with CaptureQueriesContext(connection) as asked:
            verb()
        table = ListedPractice._meta.db_table
        return sum(one["sql"].startswith(f'INSERT INTO "{table}"') for one in asked)

    practice = make_practice(carol, reports=[make_report(ana, carol)])
    practice.submit(by=carol)
    assert writes(lambda: practice.publish(by=chris)) == 1
    claim = practice.current.claims.first()
    assert writes(lambda: claim.take_down(by=mona, note="It mocks a member.")) == 1
    practice.refresh_from_db()
    assert writes(lambda: practice.retire(by=carol, note="No more.")) == 1
    assert writes(lambda: call_command("check_index")) == 0


def test_every_value_that_rows_say_has_a_number():
    """One that had none could not be published."""
    values = {
        "language": Experience.Language.values,
        "verdict": Experience.Verdict.values,
        "strength": Experience.Strength.names,
        "grade": Practice.Grade.names,
    }
    assert {name: list(tags.of_values(name)) for name in values} == values
