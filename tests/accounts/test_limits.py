"""Limits: what was counted is forgotten when its time is over, and for no other reason."""

from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.base import BaseCache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import RateLimit
from config import settings as as_configured
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LIST = "/api/v1/effects/"


@pytest.fixture(autouse=True)
def _limits_as_configured(settings):
    settings.CACHES = as_configured.CACHES
    caches["process"].clear()


def sign_in(browse, email, password, address="192.0.2.1"):
    return browse().post("/accounts/login/", {"login": email, "password": password}, REMOTE_ADDR=address)


def is_in(answer):
    return "_auth_user_id" in answer.client.session


def test_no_number_of_requests_makes_the_site_forget_wrong_passwords(browse, api, confirmed):
    assert is_in(sign_in(browse, confirmed.email, PASSWORD))
    for _time in range(5):
        sign_in(browse, confirmed.email, "a-wrong-password")
    assert not is_in(sign_in(browse, confirmed.email, PASSWORD, "192.0.2.2"))

    for number in range(170):
        api().get(LIST, REMOTE_ADDR=f"198.51.100.{number}")
    for number in range(120):
        sign_in(browse, f"nobody{number}@example.org", "a-wrong-password", f"203.0.113.{number}")

    assert not is_in(sign_in(browse, confirmed.email, PASSWORD, "192.0.2.2"))


# --- The API ---------------------------------------------------------------------------------------

WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "BEGIN")


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/experiences/",
        "/api/v1/practices/?facets=1",
        "/api/v1/stakes/",
        "/practices/",
        "/feeds/practices/",
    ],
)
def test_a_public_read_writes_nothing(browse, address):
    browse().get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browse().get(address).status_code == 200
    said = [one["sql"] for one in captured]
    assert said
    assert [sql for sql in said if sql.startswith(WRITES) or "accounts_ratelimit" in sql] == []


def test_a_visitor_is_counted_once_a_request(api, monkeypatch):
    counted = []
    monkeypatch.setattr(SimpleRateThrottle, "throttle_success", lambda self: counted.append(self.key) or True)
    api().get(LIST, REMOTE_ADDR="192.0.2.1")
    assert len(counted) == 1


def answers_to(number, send):
    return [send().status_code for _time in range(number)]


def test_reads_are_limited_and_say_when_to_come_back(api, ana, monkeypatch):
    monkeypatch.setattr(
        SimpleRateThrottle, "get_rate", lambda self: {"anon": "2/min", "user": "3/min"}[self.scope]
    )
    assert answers_to(3, lambda: api().get(LIST)) == [200, 200, 429]
    assert answers_to(1, lambda: api().get(LIST, REMOTE_ADDR="192.0.2.9")) == [200]
    assert answers_to(4, lambda: api(ana).get(LIST)) == [200, 200, 200, 429]
    assert 0 < int(api(ana).get(LIST)["Retry-After"]) <= 60


def test_a_read_of_what_has_not_changed_counts_as_any_other(api, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "get_rate", lambda self: "3/min")
    known = {"If-None-Match": api().get(LIST)["ETag"]}
    assert answers_to(3, lambda: api().get(LIST, headers=known)) == [304, 304, 429]


def test_posts_are_limited_where_nothing_else_makes_them_forgotten(api, ana, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "get_rate", lambda self: "2/min")
    client = api(ana)
    assert answers_to(3, lambda: client.post("/api/v1/experiences/", {"title": "Told"})) == [201, 201, 429]
    assert RateLimit.objects.count() == 1
    assert answers_to(1, lambda: client.get(LIST)) == [200]
    assert ana.experiences.count() == 2


def test_reads_are_still_answered_and_limited_while_the_shared_cache_is_out_of_reach(
    api, settings, monkeypatch
):
    class Away(BaseCache):
        def get(self, *args, **kwargs):
            raise ConnectionError("nobody answers")

    monkeypatch.setattr("accounts.limits.Away", Away, raising=False)
    settings.CACHES = as_configured.CACHES | {"shared": {"BACKEND": "accounts.limits.Away", "LOCATION": {}}}
    monkeypatch.setattr(SimpleRateThrottle, "get_rate", lambda self: "2/min")
    assert answers_to(3, lambda: api().get(LIST)) == [200, 200, 429]


# --- The table -------------------------------------------------------------------------------------


def test_limits_are_counted_without_a_word_of_who_was_counted(browse, confirmed):
    sign_in(browse, confirmed.email, "a-wrong-password")
    held = " ".join(f"{row.pk} {row.value}" for row in RateLimit.objects.all())
    assert held
    assert "192.0.2.1" not in held
    assert "@" not in held


def test_the_worker_deletes_what_no_longer_counts_and_nothing_else():
    cache.set("over", [1.5], 60)
    cache.set("counted", [2.5], 3600)
    RateLimit.objects.filter(value=[1.5]).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (cache.get("over"), cache.get("counted")) == (None, [2.5])

    call_command("work", once=True)

    assert RateLimit.objects.get().value == [2.5]


def test_of_those_who_try_at_once_one_holds_the_lock(together):
    assert sorted(together(6, lambda turn: cache.add("lock", True, 10))) == [False] * 5 + [True]
    RateLimit.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sorted(together(6, lambda turn: cache.add("lock", True, 10))) == [False] * 5 + [True]
    assert cache.delete("lock")
    assert cache.add("lock", True, 10)


def test_a_count_that_is_renewed_counts_for_longer():
    cache.set("counted", [1.5], 60)
    cache.set("counted", [2.5, 1.5], 60)
    assert cache.touch("counted", 3600)
    assert not cache.touch("never counted", 3600)
    assert cache.get("counted") == [2.5, 1.5]
    assert RateLimit.objects.get().expires_at > timezone.now() + timedelta(minutes=50)
    cache.clear()
    assert cache.get("counted") is None
