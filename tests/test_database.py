"""The database that tests start from is never an old one."""

import inspect
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from experiences import vocabulary
from experiences.models import Experience, Stake
from practices.models import Practice
from tests import database
from tests.conftest import make_person
from tests.factories import make_published_practice, make_report

LISTS = Path(vocabulary.__file__).parent


def test_all_that_makes_the_database_is_known_before_any_test_is():
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    makers = {inspect.getfile(model) for app in ours for model in app.get_models()}
    makers |= {inspect.getfile(type(app)) for app in ours} | {vocabulary.__file__, database.__file__}
    assert {Path(file) for file in makers} <= database.STARTED_WITH
    assert settings.BASE_DIR / "config" / "settings.py" in database.STARTED_WITH


@pytest.mark.parametrize(
    "file",
    [LISTS / "stakes.csv", LISTS / "__init__.py", *settings.BASE_DIR.glob("*/migrations/0001_initial.py")],
)
def test_another_list_or_migration_makes_another_database(file, monkeypatch):
    before, read = database.digest(), Path.read_bytes
    assert before == database.digest()
    monkeypatch.setattr(Path, "read_bytes", lambda self: read(self) + (b"\n" if self == file else b""))
    assert before != database.digest()


@pytest.mark.django_db(transaction=True)
def test_a_refilled_database_holds_what_every_test_finds():
    found = row_counts()
    cora, cyril = make_person("cora", "Curators"), make_person("cyril", "Curators")
    make_published_practice(cora, cyril, reports=[make_report(make_person("amy"), cora)])
    assert Experience.Text.objects.exists()
    assert Practice.Text.objects.exists()
    call_command("flush", interactive=False, verbosity=0)

    database.Delivered.refill()

    assert row_counts() == found
    with transaction.atomic():  # PostgreSQL counts the keys of new rows apart from the rows.
        group = Stake.objects.first().competency
        assert Stake.objects.create(competency=group, name_en="New", slug="new").pk
        transaction.set_rollback(True)


def row_counts():
    """Return {table: number of rows}."""
    with connection.cursor() as cursor:
        return {name: count(cursor, name) for name in connection.introspection.table_names()}


def count(cursor, table):
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
    return cursor.fetchone()[0]
