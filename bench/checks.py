"""Load on the check service: calls a second and their latencies, from keep-alive connections of one process.

    python -m bench.checks --port 8100 --secret PREFIX.SECRET --codes FILE [--connections 64] [--seconds 10] [--many N]

`FILE` has one code a line; with `--many` each call asks about N of them. Plain sockets and one selector, since the
generator shares the machine: its own processor time is printed.
"""

import argparse
import itertools
import json
import resource
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ERRAND = {"item": "SP-XK-01", "purpose": "service", "case_no": "bench"}
_MARK = b'"number":"'
_LARGEST_READ = 1 << 20


@dataclass
class Load:
    """What one run saw. `numbers` are those of answered checks, so that the log can be compared with them."""

    latencies: list[float] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    refusals: dict[int, int] = field(default_factory=dict)
    broken: int = 0

    def note(self, status: int, body: bytes, took: float) -> None:
        """One answer."""
        if status != 200:
            self.refusals[status] = self.refusals.get(status, 0) + 1
            return
        self.latencies.append(took)
        start = body.index(_MARK) + len(_MARK)
        self.numbers.append(body[start : body.index(b'"', start)].decode("ascii"))

    def percentile(self, share: float) -> float:
        """A latency in milliseconds."""
        ordered = sorted(self.latencies) or [0.0]
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)


@dataclass
class _Connection:
    port: int
    socket: socket.socket
    asked_at: float = 0.0
    held: bytearray = field(default_factory=bytearray)
    missing: int = -1
    """Bytes that the answer still lacks; -1 until its head is there."""

    def ask(self, request: bytes) -> None:
        self.held.clear()
        self.missing = -1
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> tuple[int, bytes] | None:
        """The answer once it is complete."""
        part = self.socket.recv(_LARGEST_READ)
        if not part:
            raise ConnectionResetError
        self.held += part
        if self.missing < 0:
            end = self.held.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = bytes(self.held[:end]).lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
            self.missing = end + 4 + length
        if len(self.held) < self.missing:
            return None
        status = int(self.held[9:12])
        return status, bytes(self.held)


def run(*, port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Ask for so many seconds; a connection that breaks is opened anew, as a hall's program does."""
    load, waiting = Load(), itertools.cycle(requests)
    until = time.perf_counter() + seconds
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            _open(selector, port, waiting, until, load)
        while selector.get_map() and (now := time.perf_counter()) < until + 5:
            for key, _ in selector.select(timeout=0.5):
                _serve(selector, key.data, waiting, load, going=now < until, until=until)
    return load


def _serve(
    selector: selectors.BaseSelector, one: _Connection, waiting: Iterator[bytes], load: Load, *, going: bool,
    until: float,
) -> None:  # fmt: skip
    try:
        found = one.read()
        if found is None:
            return
        load.note(*found, time.perf_counter() - one.asked_at)
        if found[0] == 503:
            time.sleep(0.01)  # what Retry-After asks for, shortened: the load must not stop
        if going:
            one.ask(next(waiting))
        else:
            _close(selector, one)
    except OSError:
        load.broken += 1
        _close(selector, one)
        _open(selector, one.port, waiting, until, load)


def _open(selector: selectors.BaseSelector, port: int, waiting: Iterator[bytes], until: float, load: Load) -> None:
    while time.perf_counter() < until:
        try:
            made = _Connection(port, socket.create_connection(("127.0.0.1", port), timeout=30))
            made.ask(next(waiting))
        except OSError:
            load.broken += 1
            time.sleep(0.05)
            continue
        selector.register(made.socket, selectors.EVENT_READ, made)
        return


def _close(selector: selectors.BaseSelector, one: _Connection) -> None:
    selector.unregister(one.socket)
    one.socket.close()


def requests_for(codes: Sequence[str], secret: str, many: int = 0) -> list[bytes]:
    """One call for each code, or for each `many` of them."""
    if not many:
        return [_request("", {"code": one, **ERRAND}, secret) for one in codes]
    groups = (codes[start : start + many] for start in range(0, len(codes) - many + 1, many))
    return [_request("/batch", {"codes": list(one), **ERRAND}, secret) for one in groups]


def _request(address: str, facts: dict[str, object], secret: str) -> bytes:
    body = json.dumps(facts).encode()
    head = (
        f"POST /api/v1/checks{address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def main() -> None:
    """Run and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--codes", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--many", type=int, default=0)
    given = parser.parse_args()
    requests = requests_for(given.codes.read_text(encoding="ascii").split(), given.secret, given.many)
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    load = run(port=given.port, requests=requests, connections=given.connections, seconds=given.seconds)
    took = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    result = {
        "calls": len(load.numbers),
        "per_second": round(len(load.numbers) / took, 1),
        "refusals": load.refusals,
        "broken": load.broken,
        "median_ms": load.percentile(0.5),
        "p99_ms": load.percentile(0.99),
        "generator_cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
