"""The files of search stay true: among processes, when one is killed, when they are lost, damaged or full."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from experiences.models import Experience
from experiences.search.reports import found_by
from experiences.text_index import index as text_index
from experiences.text_index.files import IndexFiles
from experiences.text_index.index import REPORTS
from practices.management.commands import work
from tests.factories import make_report

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

# A process that answers each line it reads, words, by the titles that they find.
ANSWERS = """
import json, sys, django
django.setup()
from django.contrib.auth.models import AnonymousUser
from experiences.search.reports import found_by
for line in sys.stdin:
    found = found_by(line.strip() + " ", AnonymousUser(), 50)
    print(json.dumps(sorted(one.title for one in found)), flush=True)
"""
# One that publishes without end, says what it published, and searches after each.
PUBLISHES = """
import sys, django
django.setup()
from django.contrib.auth.models import AnonymousUser
from accounts.models import User
from experiences.search.reports import found_by
from tests.factories import make_report
ana, carol = (User.objects.get(email=f"{name}@example.org") for name in ("ana", "carol"))
for number in range(10_000):
    title = f"quokka {sys.argv[1]} {number}"
    make_report(ana, carol, title=title)
    print(title, flush=True)
    found_by("quokka ", AnonymousUser(), 50)
"""


def environment():
    """Return that of a process that works on the database and the files of this test."""
    stored = connection.settings_dict
    where = f"sqlite:///{stored['NAME']}"
    if connection.vendor == "postgresql":
        signed = f"{stored['USER']}:{stored['PASSWORD']}@" if stored["USER"] else ""
        where = f"postgres://{signed}{stored['HOST']}:{stored['PORT']}/{stored['NAME']}"
    said = {"DATABASE_URL": where, "SEARCH_DIR": str(settings.SEARCH_DIR)}
    return os.environ | said | {"DJANGO_SETTINGS_MODULE": "config.settings"}


def begin(code, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def ask(process, words):
    process.stdin.write(f"{words}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


@pytest.fixture
def others():
    """Two other processes that answer."""
    started = [begin(ANSWERS), begin(ANSWERS)]
    yield started
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol, title="The quokka forum")


def titles(words, user):
    return sorted(one.title for one in found_by(f"{words} ", user, 50))


def files_of(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_each_process_finds_what_another_published_and_nothing_that_is_gone(ana, carol, others, report):
    for other in others:
        assert ask(other, "quokka") == ["The quokka forum"]
    second = make_report(ana, carol, title="A second quokka")
    for other in others:
        assert ask(other, "quokka") == ["A second quokka", "The quokka forum"]
    second.withdraw(by=ana, note="It named a colleague.")
    for other in others:
        assert ask(other, "quokka") == ["The quokka forum"]


def test_two_processes_that_catch_up_at_once_write_each_text_once(ana, carol, others, report):
    for turn in range(3):
        for number in range(5):
            make_report(ana, carol, title=f"Quokka {turn} {number}")
        for other in others:
            other.stdin.write("quokka\n")
            other.stdin.flush()
        found = [json.loads(other.stdout.readline()) for other in others]
        assert found[0] == found[1]
        assert len(found[0]) == 1 + 5 * (turn + 1)
    assert REPORTS.differences() == []


def test_one_killed_while_it_writes_loses_nothing_and_leaves_the_others_at_work(ana, carol, report):
    said = []
    for turn in range(4):
        writer = begin(PUBLISHES, str(turn))
        for _number in range(2 + turn):
            said.append(writer.stdout.readline().strip())
        time.sleep(0.01 * turn)  # At another moment of its work each time.
        writer.send_signal(signal.SIGKILL)
        said += [line.strip() for line in writer.stdout.read().splitlines() if line.strip()]
        writer.wait()
        assert set(said) <= set(titles("quokka", ana))
    assert REPORTS.differences() == []


def test_what_one_that_was_killed_before_it_ended_left_is_in_nobody_s_way(ana, carol, report, tmp_path):
    assert titles("quokka", ana) == ["The quokka forum"]
    folder = REPORTS.files.folder / REPORTS.files._current()
    before = shutil.copytree(folder, tmp_path / "before")
    make_report(ana, carol, title="A second quokka")
    assert len(titles("quokka", ana)) == 2
    # As where it was killed with all files written, but the one that says which of them count.
    for file in before.iterdir():
        if file.name == "meta.json" or not (folder / file.name).exists():
            shutil.copy(file, folder)
    REPORTS._files = None
    assert len(titles("quokka", ana)) == 2
    assert not REPORTS.reading().behind
    assert REPORTS.differences() == []


@pytest.mark.parametrize("harm", ["deleted", "truncated", "overwritten", "without its name"])
def test_files_that_are_lost_or_damaged_are_made_again(ana, report, others, harm):
    assert titles("quokka", ana) == ["The quokka forum"]
    folder = REPORTS.files.folder
    # As another machine's disk would: in files that nothing here holds open.
    copied = [(path, path.read_bytes()) for path in files_of(folder)]
    for path, _content in copied:
        path.unlink()
    for path, content in copied if harm != "deleted" else ():
        if harm == "truncated":
            content = content[: len(content) // 2]
        elif harm == "overwritten" and path.name != "current":
            content = bytes(len(content))
        if harm != "without its name" or path.name != "current":
            path.write_bytes(content)
    for other in others:
        assert ask(other, "quokka") == ["The quokka forum"]
    assert titles("quokka", ana) == ["The quokka forum"]


def test_files_ahead_of_the_database_as_after_a_restored_backup_are_made_again(ana, report):
    assert titles("quokka", ana) == ["The quokka forum"]
    state = REPORTS.files.read().state
    REPORTS.files.write(replace(state, number=state.number + 1000), [], [report.pk], 0)

    assert titles("quokka", ana) == ["The quokka forum"]
    assert REPORTS.files.read().state.number < state.number + 1000


def test_a_full_disk_hides_nothing_that_was_found_and_shows_nothing_that_is_gone(ana, carol, report, caplog):
    assert titles("quokka", ana) == ["The quokka forum"]
    with pytest.MonkeyPatch.context() as patch:

        def full(*_arguments):
            raise OSError(28, "No space left on device")

        patch.setattr(IndexFiles, "write", full)
        make_report(ana, carol, title="A second quokka")
        assert titles("quokka", ana) == ["The quokka forum"]
        report.withdraw(by=ana, note="It named a colleague.")
        assert titles("quokka", ana) == []
    assert "is behind" in caplog.text

    assert titles("quokka", ana) == ["A second quokka"]


@pytest.mark.postgresql  # SQLite writes to files while it reads.
def test_a_disk_without_room_for_the_engine_ends_no_process(ana, carol, report):
    """The limit of the system on the size of files, in a process of its own: the engine itself fails."""
    assert titles("quokka", ana) == ["The quokka forum"]
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))\n"
    )
    make_report(ana, carol, title="A second quokka")
    process = begin(limited + ANSWERS)
    try:
        assert ask(process, "quokka") == ["The quokka forum"]
        assert ask(process, "quokka") == ["The quokka forum"]
    finally:
        process.kill()
        process.wait()
    assert titles("quokka", ana) == ["A second quokka", "The quokka forum"]


def test_many_texts_are_indexed_beside_and_who_asks_meanwhile_is_asked_to_wait(
    ana, browse, report, monkeypatch
):
    monkeypatch.setattr(text_index, "FEW", 0)
    made = []
    monkeypatch.setattr(text_index.threading.Thread, "start", lambda thread: made.append(thread))
    reader = browse()
    reader.raise_request_exception = False
    answer = reader.get("/experiences/?q=quokka")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert browse().get("/experiences/").status_code == 200
    (thread,) = made
    thread.run()
    assert "quokka" in browse().get("/experiences/?q=quokka").content.decode()


def test_many_new_texts_are_indexed_beside_while_what_was_there_answers(ana, carol, report, monkeypatch):
    assert titles("quokka", ana) == ["The quokka forum"]
    monkeypatch.setattr(text_index, "FEW", 2)
    made = []
    monkeypatch.setattr(text_index.threading.Thread, "start", lambda thread: made.append(thread))
    for number in range(4):
        make_report(ana, carol, title=f"Quokka {number}")
    assert titles("quokka", ana) == ["The quokka forum"]
    assert titles("quokka", ana) == ["The quokka forum"]
    (thread,) = made  # One for all who ask.
    thread.run()
    assert len(titles("quokka", ana)) == 5


def test_an_engine_that_cannot_write_lets_search_go_on(ana, carol, report):
    assert titles("quokka", ana) == ["The quokka forum"]
    files = REPORTS.files
    held = tantivy.Index.open(str(files.folder / files._current())).writer(15_000_000, 1)  # Its own lock.
    make_report(ana, carol, title="A second quokka")
    assert titles("quokka", ana) == ["The quokka forum"]
    held.rollback()
    del held
    assert titles("quokka", ana) == ["A second quokka", "The quokka forum"]


def test_words_that_are_gone_leave_the_files_within_the_hour(ana, carol, mona, report):
    make_report(ana, carol, title="Another forum")  # Beside it, so that the engine keeps what both said.
    assert titles("quokka", ana) == ["The quokka forum"]
    Experience.objects.get(pk=report.pk).withhold_words(by=mona, words="quokka", note="It names a person.")
    assert titles("quokka", ana) == []
    assert words_in_files("quokka") == ["quokka/quokka"]  # The engine keeps them until it is made again.

    assert REPORTS.make_again_if_due() is None
    hour = time.time() + 3600 - work.LOOKS_EVERY
    assert REPORTS.make_again_if_due(now=hour) == 2
    assert words_in_files("quokka") == []
    assert REPORTS.make_again_if_due(now=hour) is None


def words_in_files(beginning):
    with REPORTS.files.read().asked() as searcher:
        return [term for term, _number in searcher.terms_with_prefix("words", beginning)]


def test_the_command_makes_the_files_again_and_what_was_there_answers_meanwhile(ana, report, capsys):
    assert titles("quokka", ana) == ["The quokka forum"]
    before = REPORTS.files.read()
    call_command("rebuild_index", search=True)
    assert "1 texts of reports indexed again." in capsys.readouterr().out
    assert before.searcher.num_docs == 2  # The text, and the state that it is of.
    assert titles("quokka", ana) == ["The quokka forum"]
    assert len([path for path in REPORTS.files.folder.iterdir() if path.is_dir()]) == 1
