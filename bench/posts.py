"""Send real forms to a real server, many at once, and account for every one of them afterwards.

    python bench/posts.py [--forms 1000] [--stale 200] [--writers 20]

On SQLite in a temporary folder, or on the empty database that DATABASE_URL names. Each form is sent
2 to 10 times at the same moment, as an impatient hand or a bad line does: exactly one report must come
of it. Then, for each stale edit, two pages of one report are sent one after the other: the second must
be shown both texts, and overwrite nothing. Exits with 1 when a single form is lost, doubled or
overwritten, or when any answer is a 5xx.
"""

import argparse
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "t" * 32
TOLD = {
    "situation": "The list server was unmaintained.",
    "action": "We ran both for three months.",
    "result": "Eight posters in ten moved.",
    "verdict": "worked",
    "identity": "named",
    "language": "en",
    "stakes": "moving-platform",
    "audience": "external",
    "kind": "open-source",
    "community-size": "c-1k-9k",
}


def main():
    options = parsed()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/posts.sqlite3")
        sessions = prepared(options.writers)
        server, port = served()
        try:
            posted = send_all(options.forms, sessions, port)
            edited = edit_all(options.stale, sessions, port)
        finally:
            server.terminate()
            server.wait()
        sys.exit(0 if told(options, posted, edited) else 1)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--stale", type=int, default=200)
    parser.add_argument("--writers", type=int, default=20)
    return parser.parse_args()


def prepared(number):
    """Make the tables, the lists and `number` members; return [(session key, primary key)]."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from accounts.models import User

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary")
    sessions = []
    for each in range(number):
        member = User.objects.create_user(f"writer{each}@example.org", display_name=f"Writer {each}")
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(member.pk), member.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.create()
        sessions.append((session.session_key, member.pk))
    return sessions


def served():
    """Start the server as `make run` does; return it and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "WEB_THREADS": "4", "API_RATE_MEMBER": "100000/min"}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    for _each in range(100):
        try:
            if ask(port, "GET", "/healthz")[0] == 200:
                return server, port
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def ask(port, method, path, session="", words=None):
    """Return (status, address it leads to, page) of one request."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
    body = None
    if words is not None:
        body = urlencode(words | {"csrfmiddlewaretoken": TOKEN})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    line.request(method, path, body, headers)
    answer = line.getresponse()
    page = answer.read().decode()
    line.close()
    return answer.status, answer.headers.get("Location", ""), page


def send_all(forms, sessions, port):
    """Send each form 2 to 10 times at once; return {form: [(status, address)]}."""
    dice = random.Random(7)
    with ThreadPoolExecutor(40) as hands:
        asked = {}
        for form in range(forms):
            session = sessions[form % len(sessions)][0]
            words = TOLD | {"title": f"Form {form}", "submission_key": f"key-{form}", "page": f"page-{form}"}
            words["do"] = dice.choice(["send", "send", "save"])
            asked[form] = [
                hands.submit(ask, port, "POST", "/experiences/new/", session, words)
                for _each in range(dice.randint(2, 10))
            ]
        return {form: [one.result()[:2] for one in sent] for form, sent in asked.items()}


def edit_all(stale, sessions, port):
    """Open each of `stale` drafts twice and send both pages; return [(first status, second status, page)]."""
    from experiences.models import Experience

    drafts = list(Experience.objects.filter(status="draft").order_by("pk")[:stale])
    owner = {pk: session for session, pk in sessions}

    def edit(draft):
        session, address = owner[draft.author_id], f"{draft.get_absolute_url()}edit/"
        pages = [ask(port, "GET", address, session)[2] for _each in range(2)]
        answers = []
        for number, page in enumerate(pages):
            hidden = {
                name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("version", "page")
            }
            words = TOLD | hidden | {"title": draft.title, "result": f"Page {number}.", "do": "save"}
            answers.append(ask(port, "POST", address, session, words))
        draft.refresh_from_db()
        both = all(f"Page {number}." in answers[1][2] for number in range(2))
        return answers[0][0], answers[1][0], both and draft.result == "Page 0."

    with ThreadPoolExecutor(10) as hands:
        return list(hands.map(edit, drafts))


def told(options, posted, edited):
    """Print what came of it; return whether all is as it must be."""
    from experiences.models import Experience, LogLine

    statuses = Counter(status for sent in posted.values() for status, _address in sent)
    titles = Counter(Experience.objects.values_list("title", flat=True))
    expected = Counter({f"Form {form}": 1 for form in posted})
    led_apart = sum(len({address for _status, address in sent}) > 1 for sent in posted.values())
    sent_twice = (
        LogLine.objects.filter(verb="submitted").count() - Experience.objects.exclude(status="draft").count()
    )
    conflicts = sum(first == 302 and second == 409 and shown for first, second, shown in edited)
    print(f"forms {len(posted)}, sent {sum(statuses.values())} times: answers {dict(statuses)}")
    print(
        f"reports {sum(titles.values())}, lost {len(expected - titles)},"
        f" doubled {sum((titles - expected).values())}"
    )
    print(f"forms that led to two places {led_apart}, sent twice {sent_twice}")
    print(f"stale edits {len(edited)}, shown both texts and overwrote nothing {conflicts}")
    fine = titles == expected and not led_apart and not sent_twice
    return fine and conflicts == len(edited) == options.stale and max(statuses) < 500


if __name__ == "__main__":
    main()
