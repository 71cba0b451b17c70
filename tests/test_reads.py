"""How often pages are read: by whom is never kept, robots do not count, and no read waits or fails for it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from experiences.models import ReportReads
from experiences.models.reads import reads_words, rounded
from experiences.reads import counter
from experiences.reads.counter import COUNTER
from experiences.reads.sums import store_reads
from practices.models import PracticeReads
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MODELS = {"report": ReportReads, "practice": PracticeReads}


@pytest.fixture(autouse=True)
def _nothing_counted(settings, tmp_path):
    settings.READS_DIR = tmp_path
    COUNTER.forget()
    yield
    COUNTER.forget()


def read(address, agent=BROWSER, where="192.0.2.1", client=None, **headers):
    return (client or Client()).get(address, REMOTE_ADDR=where, headers={"User-Agent": agent, **headers})


def totals():
    COUNTER.leave()
    store_reads(MODELS)
    return {kind: sum(model.objects.values_list("number", flat=True)) for kind, model in MODELS.items()}


def test_each_reader_is_counted_once_a_day_and_page(ana, carol, chris):
    report = make_report(ana, carol)
    practice = make_published_practice(carol, chris, reports=[report])
    for where in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
        read(report.get_absolute_url(), where=where)
    read(practice.get_absolute_url())
    assert totals() == {"report": 2, "practice": 1}
    read(report.get_absolute_url())
    read(report.get_absolute_url(), agent=f"{BROWSER} Other")
    assert totals() == {"report": 3, "practice": 1}


def test_a_page_that_is_kept_or_known_already_is_read_too(ana, carol, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):  # Only what is committed has a number.
        address = make_report(ana, carol).get_absolute_url()
    one = Client()
    tag = read(address, client=one)["ETag"]
    assert read(address, where="192.0.2.2", client=one, **{"If-None-Match": tag}).status_code == 304
    assert read(address, where="192.0.2.3").status_code == 200
    assert totals()["report"] == 3


def test_who_is_no_reader_is_not_counted(ana, carol, chris, browse):
    report = make_report(ana, carol)
    address = report.get_absolute_url()
    practice = make_published_practice(carol, chris, reports=[report])
    for agent in ("", "curl/8.5", "Mozilla/5.0 (compatible; Googlebot/2.1)", "python-requests/2.32"):
        read(address, agent=agent)
    read(address, **{"Sec-Purpose": "prefetch;prerender"})
    Client().head(address, headers={"User-Agent": BROWSER})
    read(address, client=browse(ana))
    read(practice.get_absolute_url(), client=browse(carol))
    read("/experiences/abcdefghijkl/")
    assert totals() == {"report": 0, "practice": 0}


def test_what_is_kept_tells_nobody(ana, carol, settings):
    read(make_report(ana, carol).get_absolute_url(), where="192.0.2.77")
    COUNTER.leave()
    (file,) = Path(settings.READS_DIR).iterdir()
    assert json.loads(file.read_text())[0][1:] == [
        "report",
        ReportReads.about.field.related_model.objects.get().public_id,
        1,
    ]
    assert b"192.0.2.77" not in b"".join(COUNTER.marks) + file.read_bytes()
    assert all(len(mark) == 8 for mark in COUNTER.marks)


def test_the_secret_of_a_day_ends_with_it():
    COUNTER.add("who", date(2026, 5, 1), "report", "a")
    before = set(COUNTER.marks)
    COUNTER.add("who", date(2026, 5, 2), "report", "a")
    assert len(COUNTER.marks) == 1
    assert COUNTER.marks != before
    assert COUNTER.sums == {("2026-05", "report", "a"): 2}


def test_marks_are_bounded(monkeypatch):
    monkeypatch.setattr(counter, "MOST_MARKS", 10)
    for number in range(35):
        COUNTER.add(str(number), date(2026, 5, 1), "report", "a")
    assert len(COUNTER.marks) <= 10
    assert COUNTER.sums == {("2026-05", "report", "a"): 35}


def test_a_read_writes_nothing_and_fails_for_nothing(ana, carol, settings, django_assert_max_num_queries):
    address = make_report(ana, carol).get_absolute_url()
    settings.READS_DIR = "/proc/no/such/place"
    with django_assert_max_num_queries(30) as queries:
        assert read(address).status_code == 200
    assert not [one for one in queries if not one["sql"].strip().startswith("SELECT")]
    COUNTER.leave()
    assert sum(COUNTER.sums.values()) == 1  # kept for the next time


def test_several_workers_add_each_file_once(ana, carol, settings, together):
    report = make_report(ana, carol)
    for _process in range(6):
        counter.write({("2026-05", "report", report.public_id): 3, ("2026-05", "report", "gone"): 1})
    together(3, lambda _turn: store_reads(MODELS))
    assert ReportReads.objects.get().number == 18
    assert list(Path(settings.READS_DIR).iterdir()) == []


def test_what_a_process_left_half_written_or_spoiled_is_passed_over(ana, carol, settings):
    folder = Path(settings.READS_DIR)
    (folder / "a.json").write_text('[["2026-05", "report"')
    (folder / "b.json").write_text('[["2026-99", "report", "x", 1]]')
    (folder / "c.part").write_text("[")
    store_reads(MODELS)
    assert [path.name for path in folder.iterdir()] == ["c.part"]


@pytest.mark.parametrize(
    ("number", "about"), [(0, None), (9, None), (10, 10), (14, 10), (26, 30), (104, 100), (1234, 1200)]
)
def test_a_number_is_told_rounded(number, about):
    assert rounded(number) == about
    assert reads_words(number) == (f"about {about}" if about else "fewer than ten")


def test_the_use_of_a_report_is_told_to_its_author_alone(ana, ben, carol, chris, browse, api):
    report = make_report(ana, carol, title="Quillfeather", identity="withheld")
    practice = make_published_practice(carol, chris, reports=[report])
    practice.try_out(by=ben, verdict="worked", line="It held.", identity="named")
    practice.trials.update(moderation="shown")
    ReportReads.objects.create(about=report, month=date(2026, 5, 1), number=34)
    page = " ".join(browse(ana).get("/experiences/mine/").content.decode().split())
    assert "cited in 1 claim of 1 practice" in page
    assert "tried 1 time" in page
    assert "read about 30 times" in page
    (item,) = api(ana).get("/api/v1/me/experiences/").json()["results"]
    assert item["use"] == {"claims": 1, "practices": 1, "trials": 1, "reads": 30}
    for person in (ben, carol):
        assert b"about 30" not in browse(person).get(report.get_absolute_url()).content
    assert b"about 30" not in browse(ana).get(report.get_absolute_url()).content


def test_a_curator_reads_what_became_of_the_practices_they_worked_on(ana, carol, chris, browse):
    practice = make_published_practice(carol, chris, title="Announce the end")
    PracticeReads.objects.create(about=practice, month=date(2026, 5, 1), number=21)
    page = " ".join(browse(carol).get("/practices/mine/").content.decode().split())
    assert "Announce the end" in page
    assert "read about 20 times" in page
    assert browse(ana).get("/practices/mine/").status_code == 403


def test_what_is_erased_takes_its_reads_along(ana, carol, chris):
    report = make_report(ana, carol)
    make_published_practice(carol, chris, reports=[report])
    ReportReads.objects.create(about=report, month=date.today() - timedelta(days=1), number=5)
    report.refresh_from_db()
    report.erase(by=ana)
    assert not ReportReads.objects.exists()
