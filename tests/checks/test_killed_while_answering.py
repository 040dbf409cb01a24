"""Whatever is killed under load, no answer was given that the log does not know, and everything comes back by itself.

`XINHENG_KILLS` says how often; half of the kills hit the web process, half the database.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import psycopg
import pytest
from bench.checks import Load, requests_for, run

from xinheng.base.home import Home
from xinheng.base.postgres import Lease, discard_server, ensure_database
from xinheng.base.postgres.location import locate

CODES = ["91990001MA7XH10132", "91990001MA7XH1021W", "91990001MA7XH103XL"]
KILLS = int(os.environ.get("XINHENG_KILLS", "4"))
PATIENCE = 120.0


@dataclass
class Served:
    """A county that is served by the supervisor as an office runs it."""

    home: Home
    supervisor: "subprocess.Popen[bytes]"
    port: int
    secret: str

    def load(self, seconds: float) -> Load:
        return run(port=self.port, requests=requests_for(CODES, self.secret), connections=16, seconds=seconds)

    def web(self) -> list[psutil.Process]:
        """The server of the port and the process that answers."""
        children = psutil.Process(self.supervisor.pid).children()
        return [
            each for one in children if "granian" in _command(one)
            for each in (*one.children(recursive=True), one)
        ]  # fmt: skip

    def database(self) -> psutil.Process:
        note = locate(self.home).data / "postmaster.pid"
        return psutil.Process(int(note.read_text(encoding="ascii").split()[0]))

    def kill(self, what: str) -> None:
        """SIGKILL, in the middle of whatever it does."""
        for process in self.web() if what == "service" else [self.database()]:
            _kill(process)

    def site_answers(self) -> bool:
        """Whether the website answers on the same port: a page, and a call with a body."""
        with urlopen(f"http://127.0.0.1:{self.port}/", timeout=PATIENCE) as page:
            seen = page.status
        call = Request(f"http://127.0.0.1:{self.port}/api/v1/checks/batch", method="POST")
        call.add_header("Authorization", f"Bearer {self.secret}")
        call.add_header("Content-Type", "application/json")
        call.data = json.dumps({"codes": CODES, "item": "SP-XK-01", "purpose": "service"}).encode()
        with urlopen(call, timeout=PATIENCE) as answer:
            return seen == HTTPStatus.OK and len(json.load(answer)["lines"]) == len(CODES)

    def answers(self) -> bool:
        """Whether one more check is answered."""
        return bool(run(port=self.port, requests=requests_for(CODES, self.secret), connections=1, seconds=0.2).numbers)


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it ended meanwhile
        return ""


@contextmanager
def served(home: Home) -> Iterator[Served]:
    environment = {**os.environ, "XINHENG_HOME": str(home.root), "XINHENG_PACK": "demo"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    program = [sys.executable, "-m", "xinheng"]
    subprocess.run([*program, "init", "--pack", "demo"], env=environment, check=True, capture_output=True)
    made = subprocess.run(
        [*program, "client", "create", "大厅", "--department", "119900010000084085", "--scope", "check", "--json"],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    port = _free_port()
    supervisor = subprocess.Popen([*program, "serve", "--port", str(port)], env=environment, start_new_session=True)
    try:
        yield Served(home, supervisor, port, json.loads(made.stdout)["secret"])
    finally:
        supervisor.terminate()
        supervisor.wait(PATIENCE)


@pytest.mark.slow
def test_no_answered_check_is_missing_after_kills(tmp_path: Path):
    home = Home(tmp_path / "county")
    answered: set[str] = set()
    refused: set[int] = set()
    try:
        with served(home) as county:
            _wait_for(county)
            assert county.site_answers()
            for number in range(KILLS):
                with ThreadPoolExecutor(1) as thread:
                    loading = thread.submit(county.load, 3.0)
                    time.sleep(1.0 + number % 7 / 10)
                    county.kill("service" if number % 2 else "database")
                    seen = loading.result()
                answered |= set(seen.numbers)
                refused |= set(seen.refusals)
                _wait_for(county)
        logged = _logged(home)
    finally:
        discard_server(home)
    assert answered
    assert not answered - logged
    assert refused <= {503}


def _wait_for(county: Served) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if county.answers():
            return
        time.sleep(0.2)
    raise AssertionError("the check service did not come back")


def _logged(home: Home) -> set[str]:
    with Lease(home) as address, psycopg.connect(ensure_database(address, "xinheng").app.conninfo()) as connection:
        rows = connection.execute("SELECT detail->>'check' FROM audit_event WHERE act = 'check.answer'")
        return {number for (number,) in rows}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
