"""The service is killed under a hall's program: every call is answered in the end, and each is one check."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.checks.counter import CLEAN, ITEM

from xinheng.base.home import Home
from xinheng.base.postgres import Lease, discard_server, ensure_database
from xinheng_client import Patience, Platform

KILLS = 2
CALLERS = 4
LONG = 90.0


@dataclass(frozen=True)
class Service:
    """The grouped check service of a county of its own, looked after by `xinheng serve`."""

    home: Home
    url: str
    secret: str
    supervisor: psutil.Process

    def kill(self) -> None:
        """All processes that answer, at once and without a word; their supervisor stays."""
        for child in self.supervisor.children():
            if any("granian" in word for word in child.cmdline()):
                for one in (child, *child.children(recursive=True)):
                    one.send_signal(signal.SIGKILL)

    def answers(self) -> bool:
        """Whether somebody listens."""
        try:
            with socket.create_connection(("127.0.0.1", int(self.url.rpartition(":")[2])), timeout=1):
                return True
        except OSError:
            return False


@pytest.mark.slow
def test_calls_through_kills_are_answered_and_none_is_a_second_check(tmp_path: Path):
    with service(Home(tmp_path / "county")) as running:
        numbers = called_through_kills(running)
        with Lease(running.home) as address:
            rows = checks_in(address)

    assert len(numbers) > CALLERS * KILLS
    assert sorted(numbers) == sorted(rows)


def called_through_kills(running: Service) -> list[str]:
    """The numbers that callers received, none of whom gave up."""
    numbers: list[str] = []
    done = threading.Event()
    patience = Patience(connect=2, answer=10, retries=40, longest_pause=2)
    with Platform.at(running.url, secret=running.secret, patience=patience) as platform:

        def call() -> None:
            while not done.is_set():
                numbers.append(platform.check(CLEAN, item=ITEM, purpose="service").number)

        callers = [threading.Thread(target=call) for _ in range(CALLERS)]
        for one in callers:
            one.start()
        for _ in range(KILLS):
            answered = len(numbers)
            until(lambda before=answered: len(numbers) > before + 20)  # type: ignore[misc]
            running.kill()
        answered = len(numbers)
        until(lambda: len(numbers) > answered + 20)
        done.set()
        for one in callers:
            one.join(LONG)
            assert not one.is_alive()
    return numbers


@contextmanager
def service(home: Home) -> Iterator[Service]:
    environment = {**os.environ, "XINHENG_HOME": str(home.root), "XINHENG_PACK": "demo"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    program = [sys.executable, "-m", "xinheng"]
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    try:
        subprocess.run([*program, "init", "--pack", "demo"], env=environment, check=True, capture_output=True)
        made = subprocess.run(
            [*program, "client", "create", "大厅", "--department", "119900010000084085", "--scope", "check", "--json"],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
        server = subprocess.Popen(
            [*program, "serve", "--only", "checks", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            secret = json.loads(made.stdout)["secret"]
            running = Service(home, f"http://127.0.0.1:{port}", secret, psutil.Process(server.pid))
            until(running.answers)
            yield running
        finally:
            server.terminate()
            server.wait(LONG)
    finally:
        discard_server(home)


def checks_in(address: object) -> list[str]:
    """The numbers of all checks that the county's log knows."""
    access = ensure_database(address, "xinheng")  # type: ignore[arg-type]
    with psycopg.connect(access.app.conninfo()) as connection:
        rows = connection.execute("SELECT detail->>'check' FROM audit_event WHERE act = 'check.answer'")
        return [number for (number,) in rows]


def until(condition) -> None:
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.05)
