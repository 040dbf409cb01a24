"""A rotation killed at any moment leaves every key readable, and `vault settle` clears up."""

import signal
import time
from pathlib import Path

import pytest
from tests.intake.intake_rows import penalty
from tests.ledger.test_kill import LONGEST, MARKET, Office, office
from tests.world import table

from xinheng.base.identifiers import citizen_number
from xinheng.vault.keys import MasterKey, unwrap_key

pytestmark = pytest.mark.slow
__all__ = ["office"]
PERSONS = 2_000
DELAYS = (0.0, 0.02, 0.05, 0.1, 0.2)
"""Seconds after the file of the next master key was seen."""


def persons() -> str:
    rows = []
    for number in range(PERSONS):
        person = citizen_number.complete(f"99000190{1 + number % 9:02d}{1 + number // 250 % 28:02d}{number % 1000:03d}")
        rows.append(
            penalty(
                f"人{number}",
                "",
                "欧阳翡翠",
                行政相对人类别="自然人",
                法定代表人="",
                证件类型="身份证",
                证件号码=person,
            )
        )
    return table(rows)


def unreadable(office: Office) -> int:
    """Data keys that none of the master key files opens."""
    names = [name for name in ("master.key", "master.key.next") if (office.home.keys / name).exists()]
    masters = {}
    for name in names:
        copy = office.home.root / "copy" / name
        copy.mkdir(parents=True, exist_ok=True)
        (copy / "master.key").write_bytes((office.home.keys / name).read_bytes())
        (copy / "master.key").chmod(0o600)
        key = _master(copy)
        masters[key.fingerprint] = key
    rows = office.ask("SELECT id, wrapped FROM vault_datakey WHERE destroyed_at IS NULL")
    assert len(rows) >= PERSONS
    return sum(
        bytes(wrapped)[:8] not in masters or not unwrap_key(number, bytes(wrapped), masters) for number, wrapped in rows
    )


def _master(folder: Path) -> MasterKey:
    class At:
        keys = folder

    return MasterKey.load(At())  # type: ignore[arg-type]


def test_every_key_opens_whenever_the_rotation_is_killed(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "处罚.csv"
    file.write_text(persons(), encoding="utf-8")
    code, receipt = office.run("intake", str(file), "--type", "penalty", "--department", MARKET)
    assert (code, receipt["accepted"]) == (0, PERSONS), receipt
    killed = 0
    for delay in DELAYS:
        process = office.command("vault", "rotate", "--json")
        deadline = time.monotonic() + LONGEST
        while process.poll() is None and not (office.home.keys / "master.key.next").exists():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(delay)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        assert unreadable(office) == 0
        assert office.run("vault", "settle")[0] == 0
        assert unreadable(office) == 0
        assert not list(office.home.keys.glob("*.next"))
    assert killed >= 2
    assert office.run("vault", "rotate")[0] == 0
    assert unreadable(office) == 0
