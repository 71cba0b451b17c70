"""Terms of this site alone, beside those that come with the program."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from experiences import vocabulary
from experiences.models import Competency, Context, Facet, GlossaryEntry, Stake
from experiences.models.vocabulary.terms import rows_at

pytestmark = pytest.mark.django_db
WORDS = {"name_en": "Night shifts", "name_fr": "Astreintes de nuit"}
DEFINED = {"definition_en": "Someone is awake.", "definition_fr": "Quelqu’un veille."}


@pytest.fixture
def shifts(mona):
    return Stake(competency=Competency.objects.first(), **WORDS, **DEFINED).add(by=mona)


def test_what_a_moderator_adds_is_of_this_site_and_what_is_shipped_is_common(browse, api, mona, shifts):
    kind = Context(facet=Facet.objects.get(slug="kind"), name_en="Guild", name_fr="Guilde").add(by=mona)
    assert shifts.local
    assert kind.local
    assert not Stake.objects.exclude(pk=shifts.pk).filter(local=True).exists()
    for address in ("/stakes/", f"/stakes/{shifts.slug}/", "/vocabulary/"):
        assert "of this site</span>" in browse(mona).get(address).content.decode(), address
    assert "of this site</span>" in browse().get("/glossary/").content.decode()
    assert "of this site</span>" not in browse().get("/stakes/first-steps/").content.decode()
    stakes = {row["slug"]: row["local"] for row in api().get("/api/v1/stakes/").json()["results"]}
    assert stakes[shifts.slug]
    assert not stakes["first-steps"]
    values = [row["slug"] for row in api().get("/api/v1/contexts/").json()["results"] if row["local"]]
    assert values == [kind.slug]


def test_a_program_that_adds_a_term_adds_one_of_this_site(api, mona):
    sent = WORDS | DEFINED | {"competency": Competency.objects.first().slug}
    assert api(mona).post("/api/v1/stakes/", sent | {"local": False}).status_code in (201, 400)
    answer = api(mona).post("/api/v1/stakes/", sent)
    assert answer.status_code in (201, 400)
    assert Stake.objects.get(slug="night-shifts").local


def test_a_shipped_term_never_takes_the_place_of_one_of_this_site(browse, mona, shifts, monkeypatch):
    read = vocabulary.read
    shipped = {**read("stakes.csv")[0], "slug": shifts.slug, "name_en": "Other thing", "name_fr": "Autre"}
    word = {**read("glossary.csv")[0], "stakes": shifts.slug}

    def with_one_more(name):
        more = {"stakes.csv": [shipped], "glossary.csv": [word]}
        return [*read(name), *more.get(name, [])]

    monkeypatch.setattr(vocabulary, "read", with_one_more)
    out, err = StringIO(), StringIO()
    call_command("load_vocabulary", refresh=True, stdout=out, stderr=err)
    assert "stakes/night-shifts: this site has a term of its own" in err.getvalue()
    kept = Stake.objects.get(slug=shifts.slug)
    assert (kept.name_en, kept.local, kept.retired_on) == ("Night shifts", True, None)
    assert not GlossaryEntry.objects.filter(stakes=kept).exists()
    page = browse(mona).get(f"/vocabulary/stakes/{shifts.slug}/").content.decode()
    assert "a common term with the same address" in page


def test_the_migration_marks_what_moderators_had_added(mona, shifts):
    Stake.objects.update(local=False)
    migration = import_module("experiences.migrations.0022_terms_of_one_site")
    migration.mark_what_moderators_added(apps, None)
    assert rows_at("stakes/night-shifts").get().local
    assert Stake.objects.filter(local=True).count() == 1
