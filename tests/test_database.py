"""The database that tests start from is never an old one."""

import inspect
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from experiences import vocabulary
from tests import database

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
