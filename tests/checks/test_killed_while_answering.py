"""Whatever happens to the check service, no answer was given that the log does not know."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bench.checks import Load, run

from xinheng.base.home import Home
from xinheng.base.postgres import Lease, discard_server, ensure_database

CODES = ["91990001MA7XH10132", "91990001MA7XH1021W", "91990001MA7XH103XL"]
PATIENCE = 120.0


@pytest.mark.slow
def test_no_answered_check_is_missing_after_kills(tmp_path: Path):
    home = Home(tmp_path / "county")
    environment = {**os.environ, "XINHENG_HOME": str(home.root), "XINHENG_PACK": "demo"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    program = [sys.executable, "-m", "xinheng"]
    try:
        subprocess.run([*program, "init", "--pack", "demo"], env=environment, check=True, capture_output=True)
        made = subprocess.run(
            [*program, "client", "create", "大厅", "--department", "119900010000084085", "--scope", "check", "--json"],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
        secret = json.loads(made.stdout)["secret"]
        with Lease(home) as address:
            answered = [number for _ in range(3) for number in _answers_until_killed(environment, secret)]
            logged = _logged(home, address)
        assert answered
        assert not set(answered) - logged
    finally:
        discard_server(home)


def _answers_until_killed(environment: dict[str, str], secret: str) -> list[str]:
    """Numbers that callers received before the service was killed in the middle of its work."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port),
               "xinheng.site.checks_asgi:application"]  # fmt: skip
    server = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        _wait(port)
        # In a thread of its own: browser tests of the same run leave a running loop in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(_load_and_kill(server, port, secret)).numbers).result()
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


async def _load_and_kill(server: "subprocess.Popen[bytes]", port: int, secret: str) -> Load:
    loading = asyncio.create_task(run(port=port, secret=secret, codes=CODES, connections=16, seconds=6))
    await asyncio.sleep(4)
    os.killpg(server.pid, signal.SIGKILL)
    return await loading


def _logged(home: Home, address: object) -> set[str]:
    import psycopg

    access = ensure_database(address, "xinheng")  # type: ignore[arg-type]
    with psycopg.connect(access.app.conninfo()) as connection:
        rows = connection.execute("SELECT detail->>'check' FROM audit_event WHERE act = 'check.answer'")
        return {number for (number,) in rows}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the check service did not start")
