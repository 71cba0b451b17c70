"""The migration that brings stored texts into one form, and keywords that are one together."""

import unicodedata
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from taggit.models import Tag

from accounts.models import User
from experiences.models import Experience
from tests.factories import make_practice, make_report

pytestmark = pytest.mark.django_db
migration = import_module("experiences.migrations.0012_texts_in_one_form")
NFD = unicodedata.normalize("NFD", "Médiathèque")


def store(table, pk, **columns):
    """Write columns as an older version did, past the fields that would bring them into form."""
    names = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {names} WHERE id = %s", [*columns.values(), pk])


def test_stored_texts_are_composed_once(ana, carol, chris):
    report = make_report(ana, carol)
    practice = make_practice(carol, reports=[report])
    store("experiences_experience", report.pk, title=f"{NFD}\n\tagain", result=f"{NFD}\r\nand\u2028more")
    store("practices_practice", practice.pk, title=NFD)
    store("accounts_user", ana.pk, display_name=NFD)
    version = report.version
    migration.compose_texts(apps, None)
    report = Experience.objects.get()
    assert (report.title, report.result) == ("Médiathèque again", "Médiathèque\nand\nmore")
    assert report.version == version
    practice.refresh_from_db()
    assert practice.title == User.objects.get(pk=ana.pk).display_name == "Médiathèque"


def test_keywords_that_are_one_become_one(ana, carol):
    reports = [make_report(ana, carol, title=f"Report {number}") for number in range(3)]
    names = ["l’équipe", "l'équipe", "c++", "c", "mod\u00aderation"]
    tags = Tag.objects.bulk_create([Tag(name=name, slug=f"old-{at}") for at, name in enumerate(names)])
    for report, some in zip(reports, ([0, 1, 2], [1], [3, 4]), strict=True):
        for at in some:
            report.keyword_links.create(tag=tags[at])
    migration.name_keywords(apps, None)
    found = [sorted(report.keywords.values_list("name", flat=True)) for report in reports]
    assert found == [["c++", "l'équipe"], ["l'équipe"], ["c", "moderation"]]
    assert Tag.objects.get(name="l'équipe").slug == "l'equipe"
    assert Tag.objects.count() == 4


def test_lists_keep_the_blanks_that_hold_french_words_together(browse, ana, carol):
    """A text cut to one line for a list lost them: “;” began lines, and “«” ended them."""
    held = "Dire «\u00a0non\u00a0»\u202f; puis attendre\u202f!"
    make_report(ana, carol, language="fr", verdict="no-effect", result=held, lessons=held, situation=held)

    for address in ("/", "/experiences/", "/stakes/moving-platform/", "/role/"):
        page = browse().get(address).content.decode()
        assert held in page or "attendre" not in page, address
        assert held in page or address == "/role/"
