"""Gathering that is killed at any moment, while files come in and readers read, loses and doubles no row."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import psycopg
import pytest
from tests.ledger.office import LONGEST, MARKET, Office, open_office, penalties

pytestmark = pytest.mark.slow
KILLS, ROWS, BATCHES = 8, 600, 2
GATHER = """
import sys
from datetime import timedelta
from pathlib import Path
from xinheng.base.home import Home
from xinheng.site.boot import boot
home = Home(Path(sys.argv[1]))
boot(home)
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.ledger import clustering
from xinheng.ledger.actions import gathering, optimise, remove_retired
clustering.LEAF_ROWS, gathering.STEP_ROWS = 64, 400
print("ready", flush=True)
optimise(home=home, by=Actor.system("测试"), clock=clock.now, everything=True)
freed = remove_retired(home=home, now=clock.now(), retention=timedelta(0))
print("done", freed.files, flush=True)
"""
VISIBLE = "SELECT path FROM ledger_datafile WHERE kind = 'accepted' AND visible_until IS NULL"
HOLD = (
    "INSERT INTO ledger_hold (kind, taken_at, until) VALUES ('reading', now(), now() + interval '1 hour') RETURNING id"
)
TOLD = (
    "SELECT count(*), count(DISTINCT (batch_no, row_no)), max(batch_no) "
    "FROM read_parquet(?, union_by_name = true) WHERE type = 'penalty'"
)


@dataclass
class Reader(threading.Thread):
    """Reads the whole ledger again and again, under a hold; notes what it saw."""

    office: Office
    seen: list[tuple[int, int, int]] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        try:
            with psycopg.connect(self.office.connection.info.dsn, autocommit=True,
                                 password=self.office.connection.info.password) as connection:  # fmt: skip
                while not self.stop.is_set():
                    self.seen.append(read(self.office, connection))
                    time.sleep(0.2)
        except BaseException as error:
            self.failed.append(error)


def read(office: Office, connection: psycopg.Connection[tuple[object, ...]]) -> tuple[int, int, int]:
    (hold,) = connection.execute(HOLD).fetchone() or (None,)
    try:
        paths = [str(office.home.root / str(path)) for (path,) in connection.execute(VISIBLE).fetchall()]
        with duckdb.connect() as engine:
            count, different, last = engine.execute(TOLD, [paths]).fetchone() or (0, 0, 0)
        return int(count), int(different), int(last)
    finally:
        connection.execute("DELETE FROM ledger_hold WHERE id = %s", [hold])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("gather") / "home") as office:
        for number in range(1, BATCHES + 1):
            send(office, number)
        yield office


def send(office: Office, number: int) -> None:
    file = office.home.root.parent / f"{number}.csv"
    file.write_text(penalties(number, ROWS), encoding="utf-8")
    code, receipt = office.run("intake", str(file), "--type", "penalty", "--department", MARKET)
    assert code == 0, receipt


def gathering(office: Office) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("XINHENG_", "DJANGO_"))}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", GATHER, str(office.home.root)], env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"ready"
    return process


def test_every_row_is_there_once_whenever_gathering_is_killed(office: Office) -> None:
    chance = random.Random(2026)
    reader = Reader(office)
    reader.start()
    killed, ended, batches = 0, 0, BATCHES
    intake = threading.Thread(target=send, args=(office, batches + 1))
    intake.start()
    while killed < KILLS:
        process = gathering(office)
        time.sleep(chance.uniform(0.0, 1.5))
        if process.poll() is None:
            process.kill()
            killed += 1
        else:
            ended += 1
            batches += 1  # all is gathered: something new is needed
            intake.join(LONGEST)
            intake = threading.Thread(target=send, args=(office, batches + 1))
            intake.start()
        process.communicate()
    intake.join(LONGEST)
    batches += 1
    reader.stop.set()
    reader.join(LONGEST)

    assert reader.failed == []
    assert len(reader.seen) > KILLS
    for count, different, last in reader.seen:
        assert count == different == ROWS * last
    out, _ = gathering(office).communicate(timeout=LONGEST)
    assert out.startswith(b"done")
    assert read(office, office.connection) == (batches * ROWS, batches * ROWS, batches)
    _tidy(office)


def _tidy(office: Office) -> None:
    """Replaced files are gone, killed ones are swept, hashes are right, the log is whole."""
    assert office.run("doctor", "--repair", "--lease", "0")[0] == 0
    assert office.run("doctor", "--lease", "0") == (0, {"well": True, "findings": []})
    assert office.ask("SELECT count(*) FROM ledger_datafile WHERE visible_until IS NOT NULL") == [(0,)]
    parts = office.ask(f"SELECT modulus, remainder FROM ledger_datafile WHERE path IN ({VISIBLE})")
    assert len(parts) == len(set(parts)) > 4
    on_disk = {path.relative_to(office.home.root).as_posix() for path in (office.home.ledger / "data").rglob("*.*et")}
    listed = {str(path) for (path,) in office.ask("SELECT path FROM ledger_datafile WHERE path LIKE '%.parquet'")}
    assert on_disk == listed
