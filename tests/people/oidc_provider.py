"""A small OpenID provider with real keys on this machine, which can be told to misbehave."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from xinheng.people.single_sign_on.provider import Provider

CLIENT_ID, SECRET = "xinheng", "a-secret-of-both"
KEY, ANOTHER_KEY = (RSAKey.generate_key(2048, {"kid": "one"}, private=True) for _ in range(2))
SHARED_KEY = OctKey.import_key(SECRET, {"kid": "one"})


@dataclass
class LocalProvider:
    """What it says about whoever comes, and how it misbehaves."""

    port: int
    person: dict[str, object] = field(default_factory=dict)
    twist: Callable[[dict[str, object]], object] = lambda claims: None
    """Changes the claims just before they are signed."""
    key: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    described_as: str = ""
    down: bool = False
    no_id_token: bool = False
    keys: dict[str, object] | None = None
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    """Codes that were given out and not used yet, each with what was asked for."""
    asked: dict[str, str] = field(default_factory=dict)
    """The last question of a browser."""

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, **more: object) -> Provider:
        facts: dict[str, Any] = {
            "issuer": self.issuer, "client_id": CLIENT_ID, "secret": SECRET, "claim": "preferred_username",
            "regions": ("990001",),
        }  # fmt: skip
        return Provider(**facts | more)

    def description(self) -> dict[str, object]:
        return {
            "issuer": self.described_as or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def authorize(self, question: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.asked = self.given[code] = question
        answer = {"code": code, "state": question["state"], "iss": self.issuer}
        return f"{question['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, object] | None:
        """The answer to a code, once; None when something about it is not right."""
        asked = self.given.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {known}" or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked["code_challenge_method"] != "S256" or proof.decode().rstrip("=") != asked["code_challenge"]:
            return None
        answer: dict[str, object] = {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer"}
        return answer if self.no_id_token else answer | {"id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        moment = int(time.time())
        claims: dict[str, object] = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": "person-1", "iat": moment, "exp": moment + 300,
            "nonce": asked["nonce"], **self.person,
        }  # fmt: skip
        self.twist(claims)
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "none":
            parts = [
                base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)
            ]
            return ".".join([*parts, ""])
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


@contextmanager
def local_provider() -> Iterator[LocalProvider]:
    """A provider that serves on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = provider = LocalProvider(server.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def go(client: Client, address: str) -> str:
    """Begin to log in and be sent back; the address, with its answer, that the browser is sent to."""
    response = client.get(address)
    assert response.status_code == 302, response.content.decode()
    place = urlsplit(response["Location"])
    connection = HTTPConnection(place.hostname or "", place.port or 80, timeout=5)
    connection.request("GET", f"{place.path}?{place.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider = self.server.provider  # type: ignore[attr-defined]
        place = urlsplit(self.path)
        if provider.down:
            self.answer(503, {"error": "down"})
        elif place.path == "/.well-known/openid-configuration":
            self.answer(200, provider.description())
        elif place.path == "/jwks":
            self.answer(200, {"keys": [KEY.as_dict(private=False)]} if provider.keys is None else provider.keys)
        else:
            question = {name: values[0] for name, values in parse_qs(place.query).items()}
            self.send_response(302)
            self.send_header("Location", provider.authorize(question))
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        found = self.server.provider.token(form, self.headers.get("Authorization", ""))  # type: ignore[attr-defined]
        self.answer(200 if found else 400, found or {"error": "invalid_grant"})

    def answer(self, status: int, content: dict[str, object]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what it did is seen in the tests."""
