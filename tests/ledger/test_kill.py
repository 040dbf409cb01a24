"""A process killed at any moment of an intake loses nothing, doubles nothing and shows nothing half."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.ledger.office import LONGEST, MARKET, ROWS, Office, open_office, penalties

pytestmark = pytest.mark.slow
KILLS = 14


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("kill") / "home") as office:
        yield office


def kill_at(office: Office, process: subprocess.Popen[bytes], step: int, delay: float) -> bool:
    """Wait for the step-th change that can be seen from outside, then kill; False when the intake ended first.

    The delay moves the kill into what cannot be seen, such as the transaction.
    """
    seen, changes = office.progress(), 0
    deadline = time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < deadline:
        now = office.progress()
        if now != seen:
            seen, changes = now, changes + 1
        if changes > step:
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return True
        time.sleep(0.01)
    process.communicate()
    return False


def test_every_accepted_row_is_there_once_whenever_the_process_is_killed(office: Office, tmp_path: Path) -> None:
    sent, kills, number = 0, 0, 0
    while kills < KILLS:
        number += 1
        file = tmp_path / f"{number}.csv"
        file.write_text(penalties(number), encoding="utf-8")
        arguments = ("intake", str(file), "--type", "penalty", "--department", MARKET)
        step = 0
        while kills < KILLS and kill_at(office, office.command(*arguments, "--json"), step, 0.1 * (kills % 3)):
            kills, step = kills + 1, step + 1
            _nothing_half(office)
        code, receipt = office.run(*arguments)
        assert code == 0, receipt
        assert receipt["accepted"] == ROWS
        sent += ROWS
        assert _records(office) == (sent, sent)

    code, report = office.run("doctor", "--repair", "--lease", "0")
    assert code == 0, report
    assert office.run("doctor", "--lease", "0") == (0, {"well": True, "findings": []})
    assert office.run("audit", "verify")[0] == 0
    folders = {path.name for path in (office.home.ledger / "data").iterdir()}
    listed = {
        str(path).split("/")[2] for (path,) in office.ask("SELECT path FROM ledger_datafile") if "/data/" in str(path)
    }
    assert folders == listed
    assert list(office.home.tmp.iterdir()) == []


def _records(office: Office) -> tuple[int, int]:
    """Current records, and document numbers among them."""
    (row,) = office.ask("SELECT count(*), count(DISTINCT decision_no) FROM register_record WHERE known_to IS NULL")
    return int(row[0]), int(row[1])


def _nothing_half(office: Office) -> None:
    """After a kill the database holds whole batches only, and publications only of records that are there."""
    (counts,) = office.ask(
        "SELECT (SELECT coalesce(sum(accepted), 0) FROM ledger_batch), (SELECT count(*) FROM register_record),"
        " (SELECT count(*) FROM effects_effect e WHERE NOT EXISTS"
        "  (SELECT FROM register_record r WHERE r.id = e.record_id)),"
        " (SELECT count(*) FROM intake_delivery WHERE state = 'done' AND batch_id IS NULL)"
    )
    accepted, records, strays, receiptless = counts
    assert accepted == records
    assert (strays, receiptless) == (0, 0)
