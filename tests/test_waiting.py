"""No page waits for the database without end, and /readyz says what is true."""

import socket

import psycopg2
import pytest
from django.db import connection
from psycopg2 import extensions

from config import views
from config.database import postgresql


@pytest.fixture
def frozen():
    """Return how to connect to what takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {"host": "127.0.0.1", "port": server.getsockname()[1], "user": "retex", "sslmode": "disable"}


@pytest.fixture
def waiting():
    before = extensions.get_wait_callback()
    yield postgresql.wait_at_most
    extensions.set_wait_callback(before)


def test_a_frozen_database_is_not_waited_for_without_end(frozen, waiting):
    waiting(0.1)
    with pytest.raises(psycopg2.OperationalError, match="does not answer"):
        psycopg2.connect(**frozen)


def test_while_one_request_asks_a_frozen_database_again_others_are_refused_at_once(
    frozen, waiting, monkeypatch
):
    waiting(0.1)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(**frozen)
    wait = extensions.get_wait_callback()
    asked = []
    monkeypatch.setattr(wait, "_wait", lambda connection, longest: asked.append(connection))
    with wait._asking_again, pytest.raises(psycopg2.OperationalError):
        wait("while another asks")
    wait("alone")
    assert asked == ["alone"]


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_database_that_answers_is_waited_for(waiting):
    waiting(5)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01), 5")
        assert cursor.fetchone()[1] == 5
    other.close()


@pytest.fixture
def unknown(monkeypatch):
    monkeypatch.setattr(views, "_ready_until", 0.0)


def test_readyz_says_that_a_write_is_possible_and_asks_again_after_a_while_alone(
    client, unknown, db, django_assert_num_queries
):
    assert client.get("/readyz").status_code == 200
    with django_assert_num_queries(0):
        assert client.get("/readyz").status_code == 200


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_readyz_says_that_the_disk_is_full(client, unknown):
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # Else what other tests deleted leaves room.
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        try:
            assert client.get("/readyz").status_code == 503
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert client.get("/readyz").status_code == 200


@pytest.mark.postgresql
@pytest.mark.django_db
def test_readyz_says_that_nothing_can_be_written(client, unknown):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert client.get("/readyz").status_code == 503
