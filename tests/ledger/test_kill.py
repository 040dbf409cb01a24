"""A process killed at any moment of an intake loses nothing, doubles nothing and shows nothing half."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from xinheng.base.home import Home
from xinheng.base.identifiers import credit_code
from xinheng.base.postgres import Lease, ensure_database
from xinheng.base.postgres.server import discard_server

pytestmark = pytest.mark.slow
MARKET = "119900010000084085"
NAME = "云屿县市场监督管理局"
KILLS = 14
ROWS = 3_000
LONGEST = 240.0
"""Seconds after which an intake that neither ends nor is killed counts as hung."""


@dataclass
class Office:
    """A home of its own with a crash-safe server, used through the program only."""

    home: Home
    connection: psycopg.Connection[tuple[object, ...]]

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("XINHENG_")}
        environment |= {"XINHENG_HOME": str(self.home.root)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        return subprocess.Popen(
            [sys.executable, "-m", "xinheng", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def run(self, *arguments: str) -> tuple[int, object]:
        process = self.command(*arguments, "--json")
        out, _ = process.communicate(timeout=LONGEST)
        return process.returncode, json.loads(out)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        return self.connection.execute(statement).fetchall()

    def progress(self) -> tuple[int, int, int]:
        """What is visible from outside: deliveries, percent of the running one, files written so far."""
        (row,) = self.ask(
            "SELECT count(*), coalesce(max(percent) FILTER (WHERE state = 'running'), 0) FROM intake_delivery"
        )
        written = sum(1 for _ in (self.home.ledger / "data").glob("*/*"))
        return int(row[0]), int(row[1]), written


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = Home(tmp_path_factory.mktemp("kill") / "home")
    home.prepare()
    with Lease(home) as server:
        address = ensure_database(server, "xinheng").app
        with psycopg.connect(address.conninfo(), autocommit=True) as connection:
            office = Office(home, connection)
            assert office.run("init", "--pack", "demo")[0] == 0
            yield office
    discard_server(home)


def penalties(number: int) -> str:
    """A file whose rows no other file has."""
    head = (
        "行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),法定代表人,行政处罚决定书文号,违法行为类型,违法事实,"
        "处罚依据,处罚类别,处罚内容,罚款金额(万元),处罚决定日期,处罚有效期,处罚机关,处罚机关统一社会信用代码,数据来源单位,"
        "数据来源单位统一社会信用代码"
    )
    lines = [head]
    for row in range(ROWS):
        code = credit_code.make("91", "990001", f"MB{row:06d}")
        lines.append(
            f"云屿县浮光第{row}号商贸有限公司,法人及非法人组织,{code},拟知远,云市监罚〔2026〕{number}{row:05d}号,未按规定明码标价,"
            f"现场检查发现,《价格法》第四十二条,罚款,罚款人民币壹万元,1,2026/10/18,2099/12/31,{NAME},{MARKET},{NAME},{MARKET}"
        )
    return "\n".join(lines) + "\n"


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
