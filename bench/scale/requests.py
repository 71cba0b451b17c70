"""Who asks what: requests as data, so that they are sent to a server or to the views themselves."""

import http.client
import json
from collections import namedtuple
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.test import Client
from django.test.utils import override_settings

from accounts.models import Token, User

CSRF = "1" * 32  # Digits alone: all that tests take for one.
BACKEND = "django.contrib.auth.backends.ModelBackend"
HOST = "localhost"
BARE = "?bare"  # ends the address of what is answered without any middleware (site/wsgi.py)
Answer = namedtuple("Answer", "status headers body")


@dataclass(frozen=True)
class Request:
    address: str
    who: str = "visitor"  # or another of those that People.headers names
    method: str = "GET"
    form: dict | None = None
    data: dict | None = None  # sent as JSON
    headers: dict = field(default_factory=dict)

    @property
    def body(self):
        if self.form is not None:
            return urlencode(self.form | {"csrfmiddlewaretoken": CSRF}, doseq=True)
        return None if self.data is None else json.dumps(self.data)

    @property
    def content_type(self):
        return "application/x-www-form-urlencoded" if self.data is None else "application/json"


class People:
    """Who asks, and with which headers: a visitor; the people of the corpus, signed in; and the programs of
    two of them, "member's program" and "writer's program".
    """

    def __init__(self):
        self.rows = {}
        self.headers = {"visitor": {"Cookie": f"csrftoken={CSRF}"}}
        for name in ("member", "writer", "curator", "moderator"):
            self.rows[name] = User.objects.get(email=f"{name}@bench.example.org")
            self.headers[name] = {"Cookie": f"csrftoken={CSRF}; sessionid={signed_in(self.rows[name])}"}
        for name in ("member", "writer"):
            Token.objects.revoke_all_of(self.rows[name])
            _token, key = Token.issue(by=self.rows[name], name="bench", scope="write")
            self.headers[f"{name}'s program"] = {"Authorization": f"Token {key}"}

    def headers_of(self, request):
        return {"Host": HOST, "Accept-Language": "en"} | self.headers[request.who] | request.headers


def signed_in(person):
    """Return the key of a new session of `person`."""
    client = Client()
    client.force_login(person, BACKEND)
    return client.session.session_key


class Views:
    """Asks the views themselves, in this process."""

    def __init__(self, people):
        self.people, self.client = people, Client(raise_request_exception=False)
        self.bare = Client(raise_request_exception=False)
        with override_settings(MIDDLEWARE=[]):
            self.bare.handler.load_middleware()

    def ask(self, request):
        client = self.bare if request.address.endswith(BARE) else self.client
        client.cookies.clear()
        headers = {name.lower(): value for name, value in self.people.headers_of(request).items()}
        answer = client.generic(
            request.method, request.address, request.body or "", request.content_type, headers=headers
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Answer(answer.status_code, answer.headers, body)


class Line:
    """Asks the server at `port`, on one line that is kept open."""

    def __init__(self, people, port):
        self.people = people
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)

    def ask(self, request):
        headers = self.people.headers_of(request)
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        for last_try in (False, True):
            try:
                self.line.request(request.method, request.address, request.body, headers)
                answer = self.line.getresponse()
                return Answer(answer.status, answer.headers, answer.read())
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.line.close()  # The server had closed the line, which was idle.
                if last_try:
                    raise
