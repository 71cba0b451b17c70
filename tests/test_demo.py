"""The demo: complete, true to the rules, and loaded once."""

import contextlib
import io
import json
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.demo import PASSWORD
from accounts.models import User
from experiences.models import Competency, Experience, Situation
from practices.models import Practice
from tests.outbox import run_worker

pytestmark = pytest.mark.django_db
# What community managers worry about most: none of these may be a dead end, in either language.
COMMON_STAKES = {
    "activity-drop", "harmful-behaviour", "proving-value", "manager-wellbeing", "moderation-load",
    "few-carry-all", "inclusion", "quiet-majority", "automation", "accuracy", "answer-times",
    "supplier-dependence", "sponsor-backing",
}  # fmt: skip
ROWS = ["experiences/demo/reports.jsonl", "practices/demo/practices.jsonl"]
# What French does not write: no space, or a wide one, before these signs and within « ».
ILL_SPACED = re.compile(r"(?<!\u202f)[;!?%]|(?<!\u00a0):(?!//)|«(?!\u00a0)|(?<!\u00a0)»")
BY_OTHERS = ("excerpt", "url", "trials")


def load(**options):
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_demo_is_whole_and_loaded_once(client, mails_as_in_production):
    """To load it takes long: all that is looked for in it is looked for at once."""
    told = load(password="another-long-phrase")
    it_holds_something_true_to_life_for_every_page(told)
    every_practice_that_is_read_can_be_read_wholly_in_both_languages()
    assert run_worker() == []  # Nobody is written to.
    people_are_who_they_should_be(client)
    a_second_load_adds_nothing_and_keeps_passwords()


def it_holds_something_true_to_life_for_every_page(told):
    for name in ("ana", "ben", "carol", "chris", "mona"):
        assert f"{name}@example.org" in told
    reports = Experience.objects.all()
    assert reports.count() >= 40
    assert reports.filter(language="fr").count() >= 15
    assert set(reports.values_list("verdict", flat=True)) == set(Experience.Verdict.values)
    assert set(reports.values_list("status", flat=True)) >= {"draft", "submitted", "returned", "published"}
    assert not Competency.objects.exclude(stakes__experiences__in=reports.published()).exists()
    assert Practice.objects.count() >= 12
    assert set(Practice.objects.values_list("grade", flat=True)) == {0, 1, 2, 3, 4}
    assert any("disputed" in practice.flags for practice in Practice.objects.published())
    assert Practice.objects.filter(status="retired", heir__isnull=False).exists()
    assert Practice.objects.filter(current__number__gt=1).exists()
    assert any(practice.is_behind for practice in Practice.objects.published().exclude(translation_of=None))
    for language in ("en", "fr"):
        readable = Practice.objects.published().filter(current__language=language)
        assert set(readable.values_list("stakes__slug", flat=True)) >= COMMON_STAKES
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("check_index", stdout=out)
    assert out.getvalue() == "Everything derived is as it should be.\n"


def every_practice_that_is_read_can_be_read_wholly_in_both_languages():
    originals = Practice.objects.published().filter(translation_of=None)
    assert originals.count() >= 9
    for original in originals:
        (other,) = original.in_other_languages
        assert other.current.language != original.current.language
        for name in ("title", "summary", *Practice.TEXTS):
            here, there = getattr(original.current, name), getattr(other.current, name)
            assert bool(here) == bool(there), (other, name)
            assert here != there or not here, (other, name)
            assert here.count("\n") == there.count("\n"), (other, name)
        if not other.is_behind:
            assert said_beside_claims(original).isdisjoint(said_beside_claims(other))


def said_beside_claims(practice):
    """Return the claims of a practice, and the notes beside their evidence."""
    claims = practice.current.claims.prefetch_related("evidence")
    return {claim.text for claim in claims} | {
        row.note for claim in claims for row in claim.evidence.all() if row.note
    }


@pytest.mark.parametrize("path", ROWS)
def test_the_demo_is_written_with_the_signs_of_print(path):
    for line in (settings.BASE_DIR / path).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert [text for text, _language in texts(row, row["language"]) if re.search("[\"']", text)] == []
        french = [text for text, language in texts(row, row["language"]) if language == "fr"]
        assert [text for text in french if ILL_SPACED.search(text)] == []


def texts(told, language):
    """Yield (text, language) of all that a row tells; what it quotes, and what trials say, may be in another
    language.
    """
    if isinstance(told, str):
        yield told, language
    elif isinstance(told, list):
        for part in told:
            yield from texts(part, language)
    elif isinstance(told, dict):
        for name, part in told.items():
            yield from texts(part, None if name in BY_OTHERS else told.get("language", language))


def people_are_who_they_should_be(client):
    ana, ben = (User.objects.get(email=f"{name}@example.org") for name in ("ana", "ben"))
    assert ana.check_password("another-long-phrase")
    assert Situation.of(ana).contexts.count() == 6
    assert not Experience.objects.published().filter(author=ben).exists()
    for name, may in [("carol", "practices.curate_practice"), ("mona", "experiences.moderate_experience")]:
        assert User.objects.get(email=f"{name}@example.org").has_perm(may)
    answer = client.post("/accounts/login/", {"login": ana.email, "password": "another-long-phrase"})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(ana.pk)


def a_second_load_adds_nothing_and_keeps_passwords():
    counts = [model.objects.count() for model in (User, Experience, Practice)]
    ana = User.objects.get(email="ana@example.org")
    ana.set_password("something-of-her-own")
    ana.save()
    told = load()
    assert "0 people, 0 reports, 0 practices added" in told
    assert PASSWORD not in told
    assert counts == [model.objects.count() for model in (User, Experience, Practice)]
    ana.refresh_from_db()
    assert ana.check_password("something-of-her-own")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_was_erased_from_it_is_not_brought_back():
    assert f"password: {PASSWORD}" in load()
    report = Experience.objects.exclude(author=None).exclude(source_id="").filter(evidence=None)[0]
    title, number = report.title, Experience.objects.count()
    report.erase(by=report.author)
    load()
    assert not Experience.objects.filter(title=title).exists()
    assert Experience.objects.count() == number - 1


def test_a_public_address_needs_a_password_of_its_own(settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="choose a --password"):
        load()
    with pytest.raises(CommandError, match="too short"):
        load(password="short")
    assert not User.objects.exists()
