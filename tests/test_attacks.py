"""What an attacker tried, and no longer can."""

import itertools
import logging
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.logs import JSONFormatter
from experiences.models import Experience
from experiences.models.fields import month_end
from experiences.models.report.parts import keyword_tags
from experiences.text.stemming import LONGEST_WORD, fold
from experiences.text.word_diff import diff_words
from practices.models import Practice, Trial
from practices.models.evidence import quote_key
from tests.factories import make_known, make_practice, make_published_practice, make_report

# --- Words ------------------------------------------------------------------------------------------

EXPANDING = "\ufdfa"  # One letter of Arabic that folds to eighteen.


def test_a_word_that_grows_when_folded_can_be_searched(ana, carol, browse):
    make_report(ana, carol, lessons=EXPANDING * 30)
    found = {}
    for word in (EXPANDING * 200, EXPANDING, "\u0390" * 200, "a" * 200, "\u037a", "\u304c"):
        answer = browse().get("/api/v1/experiences/", {"q": word})
        assert answer.status_code == 200, word[:3]
        found[word] = answer.json()["count"]
    assert found[EXPANDING] == 1
    assert len(fold(EXPANDING * 30)) == LONGEST_WORD


def test_a_very_long_word_is_found_by_its_beginning_on_both_databases(ana, carol, browse):
    make_report(ana, carol, lessons="q" * 3000 + " Donaudampf" + "x" * 70_000)
    for word in ("qqq", "donaudampf", "q" * 200, "Donaudampf" + "x" * 150):
        assert browse().get("/api/v1/experiences/", {"q": word}).json()["count"] == 1, word[:12]


def test_a_report_of_half_a_million_different_letters_is_published(ana, carol, browse):
    letters = [chr(code) for code in range(0x4E00, 0x5600)]
    pairs = map("".join, itertools.product(letters, letters))
    texts = ("situation", "action", "result", "lessons", "enablers", "constraints", "comparison")
    full = {name: " ".join(itertools.islice(pairs, 26_000)) for name in texts}
    report = make_report(ana, carol, **full)
    assert report.status == Experience.Status.PUBLISHED
    assert browse().get("/api/v1/experiences/", {"q": full["lessons"][:2]}).json()["count"] == 1


def test_a_keyword_that_grows_when_folded_is_refused_in_words(ana, api, browse):
    answer = api(ana).post("/api/v1/experiences/", {"title": "x", "keywords": [EXPANDING * 50]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "keywords"
    assert browse(ana).post("/experiences/new/", {"keywords": EXPANDING * 50}).status_code == 422


def test_new_keywords_are_made_in_one_order_so_that_writers_do_not_block_each_other(db):
    with CaptureQueriesContext(connection) as asked:
        assert [tag.name for tag in keyword_tags(["zeal", "B", "a"])] == ["zeal", "b", "a"]
    [made] = [query["sql"] for query in asked if query["sql"].startswith("INSERT")]
    assert made.index("'a'") < made.index("'b'") < made.index("'zeal'")


# --- At once ----------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_a_practice_published_by_many_at_once_is_published_once(together, ana, carol, chris):
    practice = make_practice(carol, reports=[make_report(ana, carol)]).submit(by=carol)
    outcomes = together(6, lambda turn: Practice.objects.get(pk=practice.pk).publish(by=chris))
    assert sum(isinstance(outcome, Practice) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Practice | ValidationError) for outcome in outcomes), outcomes
    assert practice.versions.count() == 1
    assert practice.log.filter(verb="published").count() == 1


@pytest.mark.postgresql
def test_one_trial_clicked_many_times_at_once_is_one_trial(together, ana, ben, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])

    def tell(turn):
        return Practice.objects.get(pk=practice.pk).try_out(by=ben, verdict="worked", line=f"{turn}")

    outcomes = together(6, tell)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert practice.trials.count() == 1


@pytest.mark.postgresql
def test_a_trial_grown_many_times_at_once_is_one_draft(together, ana, ben, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    trial = practice.try_out(by=ben, verdict="worked", line="It worked.")
    drafts = together(6, lambda turn: Trial.objects.get(pk=trial.pk).grow(by=ben, language="en"))
    assert len(set(drafts)) == 1
    assert ben.experiences.count() == 1


@pytest.mark.postgresql
def test_two_practices_never_become_heirs_of_each_other(together, ana, carol, chris):
    report = make_report(ana, carol)
    pair = [make_published_practice(carol, chris, title=f"Do {n}", reports=[report]) for n in (1, 2)]
    rows = [Practice.objects.get(pk=practice.pk) for practice in pair]
    heirs = [Practice.objects.get(pk=practice.pk) for practice in reversed(pair)]
    together(2, lambda turn: rows[turn].retire(by=carol, heir=heirs[turn]))
    assert Practice.objects.filter(status="retired").count() == 1


def test_a_report_is_cited_as_it_stands_now(ana, carol):
    report = make_report(ana, carol)
    claim = make_practice(carol).add_claim(by=carol, kind="do-this", text="Announce it.")
    read_earlier = Experience.objects.get(pk=report.pk)
    Experience.objects.get(pk=report.pk).withdraw(by=ana, note="It names someone.")
    with pytest.raises(ValidationError):
        claim.cite(read_earlier, by=carol, bearing="supports", excerpt=report.lessons[:20])


# --- At length: bench/lengths.py tells what it costs -------------------------------------------------


def test_a_report_of_blanks_is_folded():
    assert quote_key("«  one » " + " " * 500_000 + "\n“ two”") == '"one""two"'


def test_long_versions_that_differ_in_all_are_compared_whole():
    old, new = (" ".join(f"w{n * step % size}" for n in range(20_000)) for step, size in ((1, 97), (7, 101)))
    pieces = diff_words(f"Begin. {old} End.", f"Begin. {new} End.")
    assert (pieces[0], pieces[-1]) == (("same", "Begin. w0 "), ("same", "End."))
    assert "".join(text for kind, text in pieces if kind != "ins") == f"Begin. {old} End."
    assert "".join(text for kind, text in pieces if kind != "del") == f"Begin. {new} End."


# --- Who withheld a name ----------------------------------------------------------------------------


def support(client, practice):
    return client.get(f"/api/v1/practices/{practice.slug}/").json()["grade"]["independent_support"]


def test_no_member_can_guess_the_organisation_of_a_report_by_trying_a_practice(
    ana, ben, carol, chris, browse
):
    report = make_report(ana, carol, identity="withheld", organisation="Quillfeather")
    practice = make_published_practice(carol, chris, reports=[report])
    counted = set()
    for guess in ("Acme", "Quillfeather"):
        ben.organisation = guess
        ben.save()
        make_known(ben)
        practice.try_out(by=ben, verdict="worked", line="It worked.")
        counted.add(support(browse(), practice))
    assert counted == {1.5}


def test_a_named_trial_does_not_tell_who_wrote_a_withheld_report(ana, ben, carol, chris, browse):
    report = make_report(ana, carol, identity="withheld")
    practice = make_published_practice(carol, chris, reports=[report])
    practice.try_out(by=ana, verdict="worked", line="It worked.", identity="named")
    assert support(browse(), practice) == 1.5


def test_no_reader_can_find_the_moment_at_which_a_withheld_trial_was_told(ana, ben, carol, chris, browse):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    before = timezone.now()
    Practice.objects.filter(pk=practice.pk).update(changed_at=before - timedelta(days=40))
    practice.try_out(by=make_known(ben), verdict="worked", line="It worked.")
    moments = [before + timedelta(minutes=1), month_end(before) - timedelta(seconds=1)]
    for moment in moments:
        answer = browse().get("/api/v1/practices/", {"updated_since": moment.isoformat()})
        assert answer.json()["count"] == 1
    later = month_end(before) + timedelta(seconds=1)
    assert browse().get("/api/v1/practices/", {"updated_since": later.isoformat()}).json()["count"] == 0


def test_equal_hits_do_not_stand_in_the_order_in_which_they_were_written(ana, carol, browse):
    reports = [make_report(ana, carol, identity="withheld") for _turn in range(8)]
    found = browse().get("/api/v1/experiences/", {"q": "platform"}).json()["results"]
    for report in reports:
        report.refresh_from_db()
    expected = [row.public_id for row in sorted(reports, key=lambda row: -row.order_key)]
    assert [row["id"] for row in found] == expected


def test_the_log_of_a_failure_does_not_quote_what_someone_wrote(caplog):
    address = "@".join(["zephyrine", "example.org"])
    try:
        try:
            raise ValueError(address)
        except ValueError as error:
            raise DataError(address) from error
    except DataError:
        logging.getLogger("django.request").exception("Internal Server Error: /")
    line = JSONFormatter().format(caplog.records[0])
    assert address not in line
    assert "DataError" in line
    assert "ValueError" in line
    assert "test_attacks.py" in line


# --- Twice ------------------------------------------------------------------------------------------


def test_a_follow_up_clicked_twice_is_told_once(ana, carol, browse):
    report = make_report(ana, carol)
    page = browse(ana).get(report.get_absolute_url()).content.decode()
    form = page[page.index('/follow-up/"') :]
    version = form[: form.index("</form>")].split('name="version" value="')[1].split('"')[0]
    sent = {"verdict": "worked", "text": "It still holds.", "version": version}
    answers = [browse(ana).post(f"{report.get_absolute_url()}follow-up/", sent) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert "It still holds." in answers[1].content.decode()
    assert report.follow_ups.count() == 1


def test_limits_of_sign_in_and_api_trust_as_many_proxies(settings):
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == settings.ALLAUTH_TRUSTED_PROXY_COUNT
