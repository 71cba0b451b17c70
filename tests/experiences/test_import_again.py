"""What left does not come back, and is not doubled, by running an import again."""

import pytest
from django.test import override_settings

from experiences.interchange.exporter import export
from experiences.models import Departure, DepartureKey, Experience
from practices.own_data.account_closure import ERASE, LEAVE, close
from tests.factories import make_draft, make_published_practice, make_report
from tests.importing import GOOD, Outcome

pytestmark = pytest.mark.django_db

TWO = [{**GOOD, "source_id": "a-1", "title": "Left"}, {**GOOD, "source_id": "a-2", "title": "Erased"}]


def leave(member, erased=("Erased",)):
    """Close the account of `member`: reports titled as in `erased` go, the others stay without a name."""
    reports = member.experiences.all()
    close(member, {one: ERASE if one.title in erased else LEAVE for one in reports})


def test_what_an_author_erased_does_not_come_back_and_what_they_left_is_not_doubled(run, ana, carol):
    make_report(ana, carol)
    assert run(TWO, "--author", ana.email, "--publish").counts == (2, 0, 0)
    leave(ana)
    for args in ([], ["--publish"], ["--dry-run"]):
        again = run(TWO, *args)
        assert (again.counts, again.code) == ((0, 2, 0), 0)
        assert "2 of those already there were here before" in again.out
    assert not Experience.objects.filter(title="Erased").exists()
    left = Experience.objects.get(title="Left")
    assert (left.author, left.source_id) == (None, "")


def test_an_identifier_is_known_however_its_accents_are_written(run, ana):
    run([{**GOOD, "source_id": "r\u00e9cit 7"}], "--author", ana.email)
    Experience.objects.get().erase(by=ana)
    for written in ("re\u0301cit 7", " r\u00e9cit 7 "):
        assert run([{**GOOD, "source_id": written}]).counts == (0, 1, 0)


def test_other_records_of_the_file_are_taken(run, ana, carol):
    make_report(ana, carol)
    run(TWO, "--author", ana.email, "--publish")
    leave(ana)
    assert run([*TWO, {**GOOD, "source_id": "a-3"}, GOOD]).counts == (2, 2, 0)


def test_nothing_of_an_identifier_is_kept_but_a_keyed_hash(run, ana, carol):
    make_report(ana, carol)
    run([{**GOOD, "source_id": "quokka-77"}], "--author", ana.email, "--publish")
    leave(ana, erased=("We moved the mailing list to a forum",))
    assert Departure.objects.knows("quokka-77")
    rows = str(list(Departure.objects.values())) + str(list(DepartureKey.objects.values()))
    assert "quokka" not in rows
    assert [field.name for field in Departure._meta.fields] == ["id", "digest"]
    before = DepartureKey.current()
    Departure.objects.note("quokka-78")
    assert DepartureKey.current() == before
    assert Departure.objects.knows("quokka-78")
    assert not Departure.objects.knows("quokka-79")


def test_another_secret_key_brings_nothing_back(run, ana, carol):
    make_report(ana, carol)
    run(TWO, "--author", ana.email, "--publish")
    leave(ana)
    with override_settings(SECRET_KEY="another-" + "x" * 60):
        assert run(TWO).counts == (0, 2, 0)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_of_what_was_erased_does_not_bring_it_back(form, tmp_path, ana, carol):
    report = make_report(ana, carol)
    path = tmp_path / f"out.{form}"
    with path.open("w", encoding="utf-8", newline="") as out:
        export(form, out)
    report.erase(by=ana)
    assert Outcome(path, "--publish").counts == (0, 1, 0)
    assert not Experience.objects.exists()


def test_an_erased_report_that_a_version_cites_does_not_come_back(run, ana, carol, chris):
    report = make_report(ana, carol, source_id="cited-1")
    make_published_practice(carol, chris, reports=[report])
    report.erase(by=ana)
    assert run([{**GOOD, "source_id": "cited-1"}]).counts == (0, 1, 0)


def test_a_draft_that_its_author_threw_away_does_not_come_back(run, ana):
    run([{**GOOD, "source_id": "thrown"}], "--author", ana.email)
    Experience.objects.get().discard(by=ana)
    assert run([{**GOOD, "source_id": "thrown"}], "--author", ana.email).counts == (0, 1, 0)


def test_a_report_whose_origin_held_withheld_words_is_not_doubled(run, ana, carol, mona):
    report = make_report(ana, carol, source_id="mail of Zoe Lefictif", lessons="Zoe Lefictif knows.")
    report.withhold_words(by=mona, words="Zoe Lefictif", note="A name.")
    report.refresh_from_db()
    assert report.source_id == ""
    assert run([{**GOOD, "source_id": "mail of Zoe Lefictif"}], "--publish").counts == (0, 1, 0)
    assert Experience.objects.count() == 1


def test_a_draft_never_imported_is_thrown_away_as_before(ana):
    make_draft(ana).discard(by=ana)
    assert not Experience.objects.exists()
