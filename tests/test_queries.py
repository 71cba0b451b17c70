"""A list asks the database as often for twelve rows as for two."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.models import Situation
from tests.conftest import make_person
from tests.factories import contexts, make_published_practice, make_report

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/",
    "/stakes/",
    "/stakes/moving-platform/",
    "/glossary/",
    "/experiences/",
    "/experiences/?q=forum&stake=moving-platform&audience=external&not_platform=chat",
    "/experiences/?ordering=likeness",
    "/practices/",
    "/practices/?q=places&audience=external&min_grade=G0",
    "/practices/?ordering=likeness",
    "/feeds/experiences/?verdict=worked",
    "/feeds/practices/",
    "/sitemap.xml",
]
numbers = count()


@pytest.mark.parametrize("address", ADDRESSES)
def test_twelve_rows_take_as_many_queries_as_two(browse, ana, carol, chris, address):
    reader = browse(ana if "likeness" in address else None)
    Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ana)
    fill(2, ana, carol, chris)
    few = queries(reader, address)

    fill(10, ana, carol, chris)

    assert queries(reader, address) == few


def fill(number, ana, carol, chris):
    """Publish `number` reports, each by someone else, and as many practices."""
    for _each in range(number):
        author = make_person(f"author{next(numbers)}")
        report = make_report(author, carol, measured=True)
        make_published_practice(carol, chris, reports=[report])


def queries(reader, address):
    with CaptureQueriesContext(connection) as captured:
        assert reader.get(address).status_code == 200
    return len(captured)
