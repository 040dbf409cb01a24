"""How fast the pages are over HTTP: `python -m bench.pages --home DIR [--questions N]`.

Serves the home as `xinheng serve` does, on a free port of this machine, and asks as one reader does, warm and over
one connection: four kinds of search and the organisation page, seeded. Prints one JSON object per kind, with the
time a reader waits and the processor time of web server and database together, which stays true on a busy machine.
"""

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from django.db import connections

from xinheng.base.home import Home
from xinheng.base.names import initials
from xinheng.register.references import organisation_ref
from xinheng.site.boot import boot

SEED = 20261121
QUESTIONS = 1_000
WARM_UP = 30
BARS_MS = {"two_characters": 50, "prefix": 50, "initials": 50, "one_typo": 50, "organisation": 100}
PAGE_TITLES = {
    "two_characters": "检索：名称中的两个字",
    "prefix": "检索：名称开头",
    "initials": "检索：拼音首字母",
    "one_typo": "检索：错一个字",
    "organisation": "单位页",
    "organisation_with_most_records": "单位页：信息最多的二十个单位",
}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """What one kind of page took."""

    kind: str
    requests: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    cpu_ms_per_request: float
    bytes: int
    bar_p95_ms: int | None


def questions(count: int = QUESTIONS) -> dict[str, list[str]]:
    """The seeded addresses of each kind, from the organisations of the database Django is set up for."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM register_organisation WHERE length(name) >= 8 ORDER BY hashint8extended(id, %s)"
            " LIMIT %s",
            [SEED, count],
        )
        organisations: list[tuple[int, str]] = cursor.fetchall()
        cursor.execute(
            "SELECT subject_no FROM register_record WHERE known_to IS NULL AND subject_no IS NOT NULL"
            " GROUP BY subject_no ORDER BY count(*) DESC, subject_no LIMIT 20"
        )
        heaviest = [number for (number,) in cursor.fetchall()]
    dice = random.Random(SEED)  # noqa: S311 - a seeded question, no secret
    searched: dict[str, list[str]] = {"two_characters": [], "prefix": [], "initials": [], "one_typo": []}
    letters = "".join(name for _, name in organisations)
    for _, name in organisations:
        start = dice.randrange(2, len(name) - 2)
        searched["two_characters"].append(name[start : start + 2])
        searched["prefix"].append(name[: dice.randrange(4, 7)])
        searched["initials"].append(initials(name)[start : start + dice.randrange(3, 6)])
        searched["one_typo"].append(_mistyped(name[2:9], letters, dice))
    addresses = {kind: [f"/search?q={quote(text)}" for text in texts] for kind, texts in searched.items()}
    addresses["organisation"] = [f"/organisations/{organisation_ref(number)}" for number, _ in organisations]
    addresses["organisation_with_most_records"] = [f"/organisations/{organisation_ref(one)}" for one in heaviest] * 5
    return addresses


def measure_pages(url: str, asked: dict[str, list[str]], processes: Iterable[int] = ()) -> Iterator[Measured]:
    """Ask every address of `asked` at a running site; `processes` are those whose processor time counts."""
    host = url.removeprefix("http://")
    roots = tuple(processes)
    for kind, addresses in asked.items():
        connection = http.client.HTTPConnection(host, timeout=60)
        for address in addresses[:WARM_UP]:
            _get(connection, address)
        begun = processor_seconds(roots)
        times, size = [], 0
        for address in addresses:
            asked_at = time.perf_counter()
            size += _get(connection, address)
            times.append((time.perf_counter() - asked_at) * 1000)
        worked = processor_seconds(roots) - begun
        connection.close()
        times.sort()
        yield Measured(
            kind=kind,
            requests=len(times),
            p50_ms=round(statistics.median(times), 1),
            p95_ms=round(times[int(len(times) * 0.95)], 1),
            max_ms=round(times[-1], 1),
            cpu_ms_per_request=round(worked * 1000 / len(times), 1),
            bytes=size // len(times),
            bar_p95_ms=BARS_MS.get(kind),
        )


def _get(connection: http.client.HTTPConnection, address: str) -> int:
    """Ask one page; the size of the answer, which must be a page."""
    connection.request("GET", address, headers={"Connection": "keep-alive"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{address}: {answer.status}")
    return len(body)


def processor_seconds(roots: Iterable[int]) -> float:
    """Processor time so far of these processes, all they started, and what those left behind; 0.0 off Linux."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # ended while we looked
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        used[int(folder.name)] = sum(int(fields[place]) for place in (11, 12, 13, 14))
    waiting, total = list(roots), 0
    while waiting:
        one = waiting.pop()
        total += used.get(one, 0)
        waiting += children.get(one, [])
    return total / TICKS


@contextmanager
def served(home: Home) -> Iterator[tuple[str, int]]:
    """Run the website of this home on a free port; yields its URL and the supervisor's process number."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "xinheng", "serve", "--only", "web", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "XINHENG_HOME": str(home.root)}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=90)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.3)
        finally:
            connection.close()
    raise SystemExit("The site did not come up.")


def database_process() -> int:
    """The process number of our PostgreSQL, whose children are the connections; 0 when it runs elsewhere."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    return int(status.read_text().rpartition(")")[2].split()[1]) if status.exists() else 0


def measure_home(home: Home, count: int = QUESTIONS) -> Iterator[Measured]:
    """Serve a home that Django is set up for, and measure all kinds."""
    asked = questions(count)
    with served(home) as (url, supervisor):
        yield from measure_pages(url, asked, (supervisor, database_process()))


def _mistyped(text: str, letters: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    return text[:place] + dice.choice(letters) + text[place + 1 :]


def main() -> None:
    """Measure one home and print what came of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--questions", type=int, default=QUESTIONS)
    given = options.parse_args()
    home = boot(Home(given.home.absolute()))
    for one in measure_home(home, given.questions):
        print(json.dumps(asdict(one)), flush=True)


if __name__ == "__main__":
    main()
