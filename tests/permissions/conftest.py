"""The people, and how they come in."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.conftest import make_person
from tests.factories import make_report


@pytest.fixture
def people(ana, ben, carol, mona):
    return {"visitor": AnonymousUser(), "ana": ana, "ben": ben, "carol": carol, "mona": mona}


@pytest.fixture
def curators(ben, carol, chris, mona):
    return {"visitor": AnonymousUser(), "ben": ben, "carol": carol, "chris": chris, "mona": mona}


@pytest.fixture
def other(carol):
    """Another published report, to link with."""
    return make_report(make_person("dora"), carol)


@pytest.fixture
def session(browse):
    """Return the browser of a person, who may be a visitor."""
    return lambda person: browse(person if person.is_authenticated else None)


@pytest.fixture
def program(api):
    return lambda person: api(person if person.is_authenticated else None)
