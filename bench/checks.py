"""Load on the check service: calls a second and their latencies, from keep-alive connections of one process.

    python -m bench.checks --port 8100 --secret PREFIX.SECRET --codes FILE [--connections 64] [--seconds 10]

`FILE` has one code a line. The load generator's own processor time is printed: it shares the machine.
"""

import argparse
import asyncio
import itertools
import json
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Load:
    """What one run saw."""

    codes: Iterator[str]
    secret: str
    latencies: list[float] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    failures: int = 0

    async def connection(self, port: int, until: float) -> None:
        """Call after call on one connection until the time is over or the service goes away."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while time.perf_counter() < until:
                began = time.perf_counter()
                writer.write(self._request(next(self.codes)))
                status, body = await _answer(reader)
                self.latencies.append(time.perf_counter() - began)
                if status == 200:
                    self.numbers.append(json.loads(body)["number"])
                else:
                    self.failures += 1
        except (ConnectionError, asyncio.IncompleteReadError):
            self.failures += 1
        finally:
            writer.close()

    def _request(self, code: str) -> bytes:
        body = json.dumps({"code": code, "item": "SP-XK-01", "purpose": "service", "case_no": "bench"}).encode()
        head = (
            f"POST /api/v1/checks HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.secret}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head.split(b" ")[1]), await reader.readexactly(length)


async def run(*, port: int, secret: str, codes: list[str], connections: int, seconds: float) -> Load:
    """One run; answers are kept by their numbers, so that the log can be compared with them."""
    load = Load(itertools.cycle(codes), secret)
    until = time.perf_counter() + seconds
    await asyncio.gather(*(load.connection(port, until) for _ in range(connections)), return_exceptions=False)
    return load


def main() -> None:
    """Run and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--codes", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    codes = given.codes.read_text(encoding="ascii").split()
    load = asyncio.run(
        run(port=given.port, secret=given.secret, codes=codes, connections=given.connections, seconds=given.seconds)
    )
    ordered = sorted(load.latencies) or [0.0]
    own = resource.getrusage(resource.RUSAGE_SELF)
    result = {
        "calls": len(load.numbers),
        "per_second": round(len(load.numbers) / given.seconds),
        "failures": load.failures,
        "median_ms": round(ordered[len(ordered) // 2] * 1000, 1),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
        "generator_cpu_seconds": round(own.ru_utime + own.ru_stime, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
