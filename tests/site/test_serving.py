"""The supervisor starts its children anew, waits longer each time, and passes a request to stop on."""

import signal
import socket
import sys
import threading
import time

import pytest

from xinheng.base.errors import Refused
from xinheng.site.serve import FIRST_PAUSE, HEALTHY_SECONDS, LONGEST_PAUSE, Child, Supervisor, require_free


def test_a_taken_port_is_refused_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Refused, match="端口"):
        require_free("127.0.0.1", taken.getsockname()[1])


def test_a_child_that_fails_at_once_waits_longer_each_time():
    child = Child("x", [])
    waits = []
    for _ in range(8):
        child.put_off(now=child.started + 1)
        waits.append(child.due - child.started - 1)
    assert waits[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert waits[-1] == LONGEST_PAUSE


def test_a_child_that_ran_well_starts_again_at_once():
    child = Child("x", [], pause=LONGEST_PAUSE)
    child.put_off(now=child.started + HEALTHY_SECONDS + 1)
    assert child.due - child.started - HEALTHY_SECONDS - 1 == FIRST_PAUSE


def test_an_ended_child_is_started_anew_until_asked_to_stop(tmp_path):
    starts = tmp_path / "starts"
    quick = Child("短", [sys.executable, "-c", f"open({str(starts)!r}, 'a').write('x')"], pause=0.05)
    lasting = Child("长", [sys.executable, "-c", "import time; time.sleep(600)"])
    supervisor = Supervisor([quick, lasting])
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}

    def stop_later() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (starts.exists() and len(starts.read_text()) > 1):
            time.sleep(0.05)
        supervisor.stopping = True

    watcher = threading.Thread(target=stop_later)
    watcher.start()
    try:
        supervisor.run()
    finally:
        watcher.join()
        for name, handler in before.items():
            signal.signal(name, handler)
    assert len(starts.read_text()) > 1
    assert lasting.process.returncode == -signal.SIGTERM
