"""Records are stored many at a time: as each would be alone, and one that is refused costs no other."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from experiences.api.serializers import ExperienceSerializer
from experiences.interchange.importer import Importer
from experiences.models import Experience, ListedReport, ReportProfile
from tests.factories import make_report
from tests.importing import GOOD, Outcome

pytestmark = pytest.mark.django_db
WHOLE = GOOD | {
    "result": "Half of them **came**.\n\n- one\n- two",
    "keywords": ["Forum", "mailing list"],
    "measures": [
        {
            "effect": "answer-speed", "direction": "down", "indicator": "", "before": "76", "after": "7",
            "unit": "hours", "source": "logs",
        }
    ],
    "sources": [{"url": "https://example.org/figures", "label": "Figures", "visibility": "curators"}],
}  # fmt: skip


@pytest.fixture
def run(tmp_path):
    def imported(*records, **options):
        path = tmp_path / "records.jsonl"
        path.write_text("\n".join(map(json.dumps, records)), "utf-8")
        return Outcome(path, **options)

    return imported


def three():
    return [GOOD | {"title": f"Told {number}", "source_id": f"theirs:{number}"} for number in range(3)]


def known(report):
    """Return all that is stored of a report, but for its names and the moment."""
    listed, profile = ListedReport.objects.get(pk=report.pk), ReportProfile.objects.get(pk=report.pk)
    (revision,), lines = report.revisions.all(), report.log.values_list("verb", "by", "before", "after")
    card = listed.card.replace(report.public_id, "")
    return (
        report.snapshot(), report.status, report.html, report.strength, report.author_id, list(lines),
        (revision.kind, revision.told), (listed.is_listed, bytes(listed.tags), listed.item, card),
        (profile.title, profile.stems, profile.weights, profile.size, profile.stakes),
    )  # fmt: skip


@pytest.mark.parametrize("author", [None, "ana"])
def test_what_is_imported_is_what_its_verbs_would_store(author, run, ana, carol):
    make_report(ana, carol)  # Her next ones are published at once.
    by = ana if author else None
    serializer = ExperienceSerializer(data=WHOLE)
    serializer.is_valid(raise_exception=True)
    alone = serializer.save(by=by)
    alone.submit(by=ana) if author else alone.publish_imported()

    other = WHOLE | {"title": "Another", "keywords": ["FORUM"], "measures": []}
    assert run(WHOLE, other, publish=True, author=ana.email if author else None).new == 2

    together, _other = Experience.objects.order_by("pk").filter(pk__gt=alone.pk)
    assert known(Experience.objects.get(pk=together.pk)) == known(Experience.objects.get(pk=alone.pk))
    call_command("check_index")


def test_a_record_that_the_database_refuses_costs_no_other(run, monkeypatch):
    run(three()[1])
    monkeypatch.setattr(Importer, "is_there", lambda self, source_id: False)  # as while another imports it

    outcome = run(*three(), publish=True)

    assert outcome.counts == (2, 0, 1)
    assert "already been imported" in outcome.err
    assert list(Experience.objects.published().order_by("pk").values_list("title", flat=True)) == [
        "Told 0", "Told 2",
    ]  # fmt: skip
    call_command("check_index")


def test_a_record_that_meets_a_bug_of_ours_costs_no_other(run, monkeypatch):
    derive = Experience.derive

    def broken(report):
        if report.title == "Told 1":
            raise ZeroDivisionError
        derive(report)

    monkeypatch.setattr(Experience, "derive", broken)

    outcome = run(*three(), publish=True)

    assert outcome.counts == (2, 0, 1)
    assert ":2: " in outcome.err
    assert "[error]" in outcome.err


def test_the_second_record_with_one_id_is_kept_where_the_first_cannot_be_stored(run, monkeypatch):
    derive = Experience.derive

    def broken(report):
        if report.title == "First":
            raise ZeroDivisionError
        derive(report)

    monkeypatch.setattr(Experience, "derive", broken)
    first, second = (GOOD | {"title": title, "source_id": "theirs"} for title in ("First", "Second"))

    assert run(first, second).counts == (1, 0, 1)
    assert Experience.objects.get().title == "Second"


def test_a_database_that_does_not_answer_ends_the_import(run, monkeypatch):
    def broken(report):
        raise OperationalError("gone")

    monkeypatch.setattr(Experience, "derive", broken)
    with pytest.raises(CommandError, match="gone"):
        run(*three())
    assert not Experience.objects.exists()


def test_a_batch_asks_no_more_for_each_record_than_whether_it_is_there(run, django_assert_max_num_queries):
    records = [GOOD | {"title": f"Told {number}", "source_id": f"theirs:{number}"} for number in range(20)]
    run(GOOD | {"source_id": "first"}, publish=True)
    with django_assert_max_num_queries(40 + 3 * len(records)):
        assert run(*records, publish=True).new == len(records)
