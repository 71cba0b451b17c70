"""How dates and numbers are written in each language, and where numbers are for machines."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

from config.formats.written import date_format
from experiences.models import Experience
from tests.factories import make_draft

ATTRIBUTE = re.compile(r'[a-z-]+="[^"]*?\{\{ ([^}]*) \}\}')
FOR_MACHINES = re.compile(r"(?:^|\.)(?:version|member|seen|pk|id|number)$")
SMALL = {  # numbers of what has few: rows of a form, parts of a page
    "row.number", "number", "operation.id", "attrs.id", "widget.attrs.id", "id", "field.field.id",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", date(2026, 9, 1), "1er septembre 2026"),
        ("fr", date(2026, 9, 11), "11 septembre 2026"),
        ("en", date(2026, 9, 1), "1 September 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_french_do(language, day, written):
    with override(language):
        shown = Template('{{ day|date:"DATE_FORMAT" }} {{ day|date:"F Y" }}').render(Context({"day": day}))
        assert date_format(day, "DATE_FORMAT") == written
    assert shown.startswith(f"{written} ")
    assert not shown.removeprefix(f"{written} ").startswith("1er")


@pytest.mark.parametrize(("language", "written"), [("en", "12,345 reports"), ("fr", "12\u202f345 récits")])
def test_thousands_stand_apart_as_the_language_has_them(language, written):
    counted = (
        "{% load i18n %}{% blocktranslate trimmed count n=n %}"
        "{{ n }} report{% plural %}{{ n }} reports{% endblocktranslate %}"
    )
    with override(language):
        assert Template(counted).render(Context({"n": 12345})) == written


def test_numbers_for_machines_stay_whole():
    wrong = [
        f"{path.relative_to(settings.BASE_DIR)}: {name}"
        for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
        for name in ATTRIBUTE.findall(path.read_text(encoding="utf-8"))
        if FOR_MACHINES.search(name) and name not in SMALL
    ]
    assert wrong == []


@pytest.mark.django_db
def test_the_thousandth_edit_is_like_any_other(browse, ana):
    report = make_draft(ana)
    Experience.objects.filter(pk=report.pk).update(version=1234)
    page = browse(ana).get(f"{report.get_absolute_url()}edit/").content.decode()

    assert re.search(r'name="version" value="1234"', page)
