"""The hall's own server: it holds the secret, chooses item and purpose, and passes receipts on to the page.

It listens on this machine only and serves a demonstration. A real hall does the same within its own system, behind its
own login.
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pretend_hall.business import Offer
from xinheng_client import ClientError, Done, Keys, NotAllowed, Platform, Refused, Unavailable

T = TypeVar("T")
HERE = Path(__file__).resolve().parent
PANEL = HERE.parents[1] / "js" / "xinheng-check.js"
FILES = {
    "/": (HERE / "static" / "index.html", "text/html; charset=utf-8"),
    "/hall.css": (HERE / "static" / "hall.css", "text/css; charset=utf-8"),
    "/hall.js": (HERE / "static" / "hall.js", "text/javascript; charset=utf-8"),
    "/xinheng-check.js": (PANEL, "text/javascript; charset=utf-8"),
}
FEEDBACK = re.compile(r"/credit/checks/([0-9A-Z-]{1,40})/feedback")
LARGEST = 65_536
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
form-action 'none'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Question:
    """What the page asks: the hall's own business, never the platform's item."""

    code: str
    item: str
    key: str
    case_no: str = ""


@dataclass(frozen=True)
class Told:
    """What the clerk did about one measure, as the page sends it."""

    measure: str
    outcome: str
    note: str = ""
    document_no: str = ""


@dataclass(frozen=True)
class Feedback:
    """What the clerk did about the measures of one answer."""

    measures: list[Told]


class Hall(ThreadingHTTPServer):
    """One hall at one port of this machine."""

    daemon_threads = True

    def __init__(self, port: int, *, platform: Platform, keys: Keys, offer: Offer) -> None:
        super().__init__(("127.0.0.1", port), Desk)
        self.platform, self.keys, self.offer = platform, keys, offer

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Names under which a browser may call; any other name is a page elsewhere that points here."""
        return frozenset(f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost"))

    def check(self, asked: Question) -> dict[str, str]:
        """The receipt of one check. It was compared with the answer, and its signature with the pinned keys."""
        business = self.offer.business.get(asked.item)
        if business is None:
            raise Refused("本大厅不办理这个事项。", status=HTTPStatus.UNPROCESSABLE_ENTITY)
        found = self.platform.check(
            asked.code, item=business.item, purpose=business.purpose, case_no=asked.case_no, key=f"hall-{asked.key}"
        )
        return {"receipt": found.receipt}

    def feedback(self, number: str, told: Feedback) -> dict[str, Any]:
        """Pass on what the clerk did."""
        done = [Done(one.measure, one.outcome == "applied", one.note, one.document_no) for one in told.measures]
        return {"number": number, "noted": self.platform.feedback(number, done)}


class Desk(BaseHTTPRequestHandler):
    """One call of the page."""

    server: Hall

    def do_GET(self) -> None:
        """A file of the page, the offer, or the pinned keys."""
        if self._is_foreign():
            return
        if self.path in FILES:
            file, kind = FILES[self.path]
            self._send(HTTPStatus.OK, file.read_bytes(), kind)
        elif self.path == "/offer":
            offer = self.server.offer
            self._send_json({"hall": offer.hall, "business": [vars(one) for one in offer.business.values()]})
        elif self.path == "/credit/keys":
            self._send_json({"keys": list(self.server.keys.by_name.values())})
        else:
            self._problem(HTTPStatus.NOT_FOUND, "没有这个地址。")

    def do_POST(self) -> None:
        """A check or a feedback."""
        if self._is_foreign():
            return
        about = FEEDBACK.fullmatch(self.path)
        try:
            if self.path == "/credit/checks":
                self._send_json(self.server.check(self._read(Question)))
            elif about:
                self._send_json(self.server.feedback(about[1], self._read(Feedback)))
            else:
                self._problem(HTTPStatus.NOT_FOUND, "没有这个地址。")
        except ClientError as error:
            self._problem(_status(error), error.message, error.advice)

    def _read(self, kind: type[T]) -> T:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= LARGEST or self.headers.get_content_type() != "application/json":
            raise Refused("请求不是 JSON，或者太大。", status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            return TypeAdapter(kind).validate_json(self.rfile.read(length))
        except ValidationError as error:
            raise Refused("请求的参数不对。", status=HTTPStatus.UNPROCESSABLE_ENTITY) from error

    def _is_foreign(self) -> bool:
        """Whether another site's page calls: it would check with our secret."""
        origin = self.headers.get("Origin")
        ours = self.headers.get("Host") in self.server.hosts
        if ours and (origin is None or origin.removeprefix("http://") in self.server.hosts):
            return False
        self._problem(HTTPStatus.FORBIDDEN, "只能从本大厅的页面调用。")
        return True

    def _send_json(self, body: object) -> None:
        self._send(HTTPStatus.OK, json.dumps(body, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def _problem(self, status: int, detail: str, advice: str = "") -> None:
        body = json.dumps({"detail": detail, "advice": advice}, ensure_ascii=False).encode()
        self._send(status, body, "application/problem+json; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store",
                   "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}  # fmt: skip
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what a hall checks stands in the platform's log, and nowhere else."""


def _status(error: ClientError) -> int:
    if isinstance(error, Unavailable):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, NotAllowed) or not isinstance(error, Refused):
        return HTTPStatus.BAD_GATEWAY  # the hall's own affair, not the page's
    return error.status
