"""Records are stored many at a time: as each would be alone, and one that is refused costs no other."""

import json
from datetime import date
from itertools import islice

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from experiences.api.serializers import ExperienceSerializer
from experiences.interchange import read
from experiences.interchange.importer import Importer
from experiences.models import Experience, ListedReport, ReportProfile
from experiences.models.report.parts import Parts
from experiences.models.report.storing import Brought, store_all
from experiences.notifications import MANY
from tests.factories import TOLD, WHERE, contexts, make_report, stakes
from tests.importing import GOOD, Outcome

pytestmark = pytest.mark.django_db
LOOKED_FOR = 1  # how often, for each record: whether it is there
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


@pytest.fixture
def broken(monkeypatch):
    """Return a function that lets `error` be met by the report called `title`, or by each."""
    judge = Experience.judge

    def let(error, title=None):
        def judged(report):
            if title in (None, report.title):
                raise error
            judge(report)

        monkeypatch.setattr(Experience, "judge", judged)

    return let


def test_a_record_that_meets_a_bug_of_ours_costs_no_other(run, broken):
    broken(ZeroDivisionError, "Told 1")

    outcome = run(*three(), publish=True)

    assert outcome.counts == (2, 0, 1)
    assert ":2: " in outcome.err
    assert "[error]" in outcome.err


def test_the_second_record_with_one_id_is_kept_where_the_first_cannot_be_stored(run, broken):
    broken(ZeroDivisionError, "First")
    first, second = (GOOD | {"title": title, "source_id": "theirs"} for title in ("First", "Second"))

    assert run(first, second).counts == (1, 0, 1)
    assert Experience.objects.get().title == "Second"


def test_a_database_that_does_not_answer_ends_the_import(run, broken):
    broken(OperationalError("gone"))
    with pytest.raises(CommandError, match="gone"):
        run(*three())
    assert not Experience.objects.exists()


def test_a_batch_asks_no_more_for_each_record_than_whether_it_is_there(run):
    def asked(first, last):
        records = [
            GOOD | {"title": f"Told {number}", "source_id": f"theirs:{number}"}
            for number in range(first, last)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert run(*records, publish=True).new == last - first
        return len(captured)

    asked(0, 1)
    assert asked(11, 31) - asked(1, 11) == 10 * LOOKED_FOR


ODD = {
    "invisible": {"lessons": "\u200b"},
    "decomposed": {"action": "e\u0301te\u0301"},
    "blanks": {"title": "  A\u00a0 title\u2028of two  ", "action": "a\u0085b \u000b c"},
    "a link": {"action": "[a](https://example.org/e\u0301)"},
    "what followed, the last first": {
        "follow_ups": [
            {"told_on": "2025-06-02", "verdict": "worked", "text": " It held. "},
            {"told_on": "2025-05-01", "verdict": "worked", "text": "Yes."},
        ]
    },
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_derived_of_an_import_is_of_the_words_as_they_are_stored(run, name):
    assert run(WHOLE | ODD[name], publish=True).new == 1
    call_command("check_index")


def test_what_a_report_may_not_say_is_not_stored_either(ana):
    report = Experience(**TOLD | {"author": ana, "started_on": date(2999, 1, 1)})
    report.parts = Parts(stakes=stakes("moving-platform"), contexts=contexts(**WHERE))
    with pytest.raises(ValidationError):
        store_all([Brought(report)])
    assert not Experience.objects.exists()


def test_curators_are_told_of_as_many_as_if_they_had_come_one_by_one(run, ana, carol, mails_as_in_production):
    records = [
        GOOD | {"title": f"Told {number}", "source_id": f"theirs:{number}"} for number in range(MANY + 5)
    ]
    run(*records, publish=True, author=ana.email)
    assert Experience.objects.filter(status="submitted").count() == MANY + 5
    told = OutgoingMail.objects.filter(recipient=carol.email)
    assert len(set(told.values_list("body", flat=True))) == told.count() == MANY


def test_what_was_read_before_a_file_breaks_off_is_stored(run, monkeypatch):
    def broken(*args):
        yield from islice(read(*args), 3)
        raise OSError("Input/output error")

    monkeypatch.setattr("experiences.management.imports.read", broken)
    run(*three(), GOOD)
    assert Experience.objects.count() == 3


def test_long_records_are_stored_fewer_at_a_time(run, monkeypatch):
    sizes, take = [], Importer.take
    monkeypatch.setattr(
        Importer, "take", lambda self, some, flat: sizes.append(len(some)) or take(self, some, flat)
    )
    run(*three())
    monkeypatch.setattr("experiences.management.imports.CHARACTERS_AT_A_TIME", 100)
    run(*three())
    assert sizes == [3, 1, 1, 1]
