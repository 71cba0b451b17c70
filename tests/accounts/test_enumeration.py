"""Who has an account: neither what is answered nor how long it takes tells."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail, SiteText
from config import settings as as_configured
from tests.conftest import PASSWORD, TERMS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails_as_in_production")]
KNOWN, UNKNOWN = "ana@example.org", "nobody@example.net"
WRITES = ("INSERT", "UPDATE", "DELETE")
READS = ("SELECT", "DECLARE")  # The second: a row at a time, from PostgreSQL.


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what takes long."""

    times = 0

    def encode(self, password, salt):
        CountingHasher.times += 1
        return super().encode(password, salt)


@pytest.fixture
def cost(browse, ana, settings):
    """Return a function: what it costs to send a form, as (answer, hashes, reads, writes)."""
    settings.CACHES = as_configured.CACHES
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    ana.set_password(PASSWORD)
    ana.save()
    ana.emailaddress_set.create(email=ana.email, verified=True, primary=True)

    def cost(path, address, **sent):
        CountingHasher.times = 0
        with CaptureQueriesContext(connection) as captured:
            answer = browse().post(path, sent, REMOTE_ADDR=address)
        writes = sum(one["sql"].startswith(WRITES) for one in captured)
        reads = sum(one["sql"].startswith(READS) for one in captured)
        return answer, CountingHasher.times, reads, writes

    return cost


def assert_alike(known, unknown, *, hashes, reads=1):
    assert (known[0].status_code, known[0].headers.get("Location")) == (
        unknown[0].status_code,
        unknown[0].headers.get("Location"),
    )
    assert known[1] == unknown[1] == hashes
    assert known[3] == unknown[3]
    # A read that finds little in an index is a thousandth of a hash.
    assert abs(known[2] - unknown[2]) <= reads


def test_signing_up_costs_the_same_for_an_address_that_has_an_account(cost, django_user_model):
    SiteText.objects.latest_of("terms").keep()  # As since the first who signed up.
    known, unknown = (
        cost("/accounts/signup/", "192.0.2.1", email=email, password1="lune-verte-sept-ponts", **TERMS)
        for email in (KNOWN, UNKNOWN)
    )
    assert_alike(known, unknown, hashes=1, reads=8)
    assert sorted(django_user_model.objects.values_list("email", flat=True)) == [KNOWN, UNKNOWN]
    assert sorted(OutgoingMail.objects.values_list("recipient", flat=True)) == [KNOWN, UNKNOWN]


def test_a_password_that_is_refused_costs_the_same_for_an_address_that_has_an_account(cost):
    known, unknown = (
        cost("/accounts/signup/", "192.0.2.1", email=email, password1="too short")
        for email in (KNOWN, UNKNOWN)
    )
    assert_alike(known, unknown, hashes=0)
    assert known[0].context["form"].errors == unknown[0].context["form"].errors


def test_signing_in_costs_the_same_for_an_address_that_has_an_account(cost):
    known, unknown = (
        cost("/accounts/login/", "192.0.2.1", login=email, password="a-wrong-password")
        for email in (KNOWN, UNKNOWN)
    )
    assert_alike(known, unknown, hashes=2)  # Each of the two backends.
    assert known[0].context["form"].errors == unknown[0].context["form"].errors


def test_an_account_without_a_password_costs_the_same_too(cost, ana):
    ana.set_unusable_password()
    ana.save()
    known, unknown = (
        cost("/accounts/login/", "192.0.2.1", login=email, password="a-wrong-password")
        for email in (KNOWN, UNKNOWN)
    )
    assert_alike(known, unknown, hashes=2)


def test_asking_for_a_password_where_none_is_given_costs_the_same_too(cost, ana, settings):
    settings.SIGNUP = "sso"
    ana.set_unusable_password()
    ana.save()
    ana.socialaccount_set.create(provider="organisation", uid="1")
    known, unknown = (
        cost("/accounts/password/reset/", "192.0.2.1", email=email) for email in (KNOWN, UNKNOWN)
    )
    assert_alike(known, unknown, hashes=0, reads=2)
    assert len(set(OutgoingMail.objects.values_list("subject", flat=True))) == 1


def test_asking_for_a_new_password_costs_the_same_for_an_address_that_has_an_account(cost):
    known, unknown = (
        cost("/accounts/password/reset/", "192.0.2.1", email=email) for email in (KNOWN, UNKNOWN)
    )
    assert_alike(known, unknown, hashes=0)
    assert sorted(OutgoingMail.objects.values_list("recipient", flat=True)) == [KNOWN, UNKNOWN]
