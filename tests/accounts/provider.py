"""A small OpenID Connect provider that listens on a port of this machine, and can be made to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = {"client_id": "retex", "client_secret": "a secret of the two"}


@cache
def key(name):
    """Make a key once: it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class SmallProvider(ThreadingHTTPServer):
    """Signs in whoever `person` is, as the last test wished, and keeps what it was asked.

    `lies` take the place of claims in the ID token; `told` are those of userinfo, else the person's; `header`
    and `signed_by` are of the signature; `answers` are statuses by path, instead of what it would answer.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}/realm"
        self.person = {"sub": "1", "email": "dora@example.org", "email_verified": True}
        self.lies, self.told, self.config, self.answers = {}, {}, {}, {}
        self.header, self.signed_by, self.algorithm = {"kid": "one"}, "one", "RS256"
        self.declines = False
        self.grants, self.asked = {}, []

    def id_token(self, grant):
        now = int(time.time())
        claims = {
            **self.person,
            "iss": self.issuer,
            "aud": CLIENT["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": grant["nonce"],
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        signing = (
            "a key that both sides know, long enough" if self.algorithm == "HS256" else key(self.signed_by)
        )
        return jwt.encode(claims, signing, algorithm=self.algorithm, headers=self.header)

    def about(self, at):
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        } | self.config
        return {name: value for name, value in told.items() if value is not None}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        self.server.asked.append(path)
        if path in self.server.answers:
            self.say(self.server.answers[path], {})
        elif path == "/realm/.well-known/openid-configuration":
            self.say(200, self.server.about(f"http://127.0.0.1:{self.server.server_port}"))
        elif path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key("one").public_key()))
            self.say(200, {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]})
        elif path == "/authorize":
            self.authorize(query)
        elif path == "/userinfo" and self.headers["Authorization"] in self.server.grants:
            self.say(200, self.server.person | self.server.told)
        else:
            self.say(401, {})

    def authorize(self, query):
        """Send whoever came back at once, with a code or with an error."""
        code = secrets.token_urlsafe(16)
        self.server.grants[code] = query
        answer = {"error": "access_denied"} if self.server.declines else {"code": code}
        self.send_response(302)
        self.send_header(
            "Location", f"{query['redirect_uri']}?{urlencode(answer | {'state': query['state']})}"
        )
        self.end_headers()

    def do_POST(self):
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        if path in self.server.answers:
            self.say(self.server.answers[path], {})
            return
        grant = self.server.grants.pop(sent.get("code"), None)
        if grant is None or not self.is_client() or not is_proven(sent, grant):
            self.say(400, {"error": "invalid_grant"})
            return
        token = secrets.token_urlsafe(16)
        self.server.grants[f"Bearer {token}"] = grant
        self.say(
            200, {"access_token": token, "token_type": "Bearer", "id_token": self.server.id_token(grant)}
        )

    def is_client(self):
        pair = f"{CLIENT['client_id']}:{CLIENT['client_secret']}".encode()
        return self.headers["Authorization"] == f"Basic {base64.b64encode(pair).decode()}"

    def say(self, status, told):
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def is_proven(sent, grant):
    """Whether the code comes from where it was asked for (RFC 7636, S256) and given to."""
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    asked = (grant.get("code_challenge"), grant.get("code_challenge_method"), grant["redirect_uri"])
    return asked == (challenge, "S256", sent["redirect_uri"])


def serve():
    """Yield a provider that answers until the test ends."""
    provider = SmallProvider()
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield provider
    provider.shutdown()
    provider.server_close()
    thread.join()
