"""Something that stands between a program and the platform, as a bad line or a bad proxy does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3

PASSED_ON = ("Authorization", "Content-Type", "Idempotency-Key")


@dataclass(frozen=True)
class Reply:
    """One answer on its way. A status of 0: the line breaks instead."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


LOST = Reply(0, b"")
Spoiling = Callable[[int, Reply], Reply]
"""What becomes of an answer, by the number of the call, from 1."""


@dataclass
class Between:
    """Where to call instead of the platform, and how often it was called."""

    url: str = ""
    calls: int = 0


@contextmanager
def between(platform: str, spoil: Spoiling, *, reach: bool = True) -> Iterator[Between]:
    """Pass calls on and spoil the answers; without `reach` the platform is not even called."""
    line, pool = Between(), urllib3.PoolManager()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            line.calls += 1
            reply = Reply(503, b"")
            if reach:
                found = pool.request(self.command, platform + self.path, body=body, headers=headers, retries=False)
                reply = Reply(found.status, found.data, {"Content-Type": found.headers.get("Content-Type", "")})
            with suppress(ConnectionError):  # whoever called may have gone
                self._send(spoil(line.calls, reply))

        def _send(self, reply: Reply) -> None:
            self.close_connection = True
            if reply is LOST:
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    line.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        pool.clear()
