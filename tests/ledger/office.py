"""A home of its own with a crash-safe server, used through the program only, and files to send to it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from xinheng.base.home import Home
from xinheng.base.identifiers import credit_code
from xinheng.base.postgres import Lease, ensure_database
from xinheng.base.postgres.server import discard_server

MARKET = "119900010000084085"
NAME = "云屿县市场监督管理局"
ROWS = 3_000
LONGEST = 240.0
"""Seconds after which a command that neither ends nor is killed counts as hung."""


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


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """A home with the demo county and no rows, gone with its server afterwards."""
    home = Home(folder)
    home.prepare()
    with Lease(home) as server:
        address = ensure_database(server, "xinheng").app
        with psycopg.connect(address.conninfo(), autocommit=True) as connection:
            office = Office(home, connection)
            assert office.run("init", "--pack", "demo")[0] == 0
            yield office
    discard_server(home)


def penalties(number: int, rows: int = ROWS) -> str:
    """A file whose rows no other file has."""
    head = (
        "行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),法定代表人,行政处罚决定书文号,违法行为类型,违法事实,"
        "处罚依据,处罚类别,处罚内容,罚款金额(万元),处罚决定日期,处罚有效期,处罚机关,处罚机关统一社会信用代码,数据来源单位,"
        "数据来源单位统一社会信用代码"
    )
    lines = [head]
    for row in range(rows):
        code = credit_code.make("91", "990001", f"MB{row:06d}")
        lines.append(
            f"云屿县浮光第{row}号商贸有限公司,法人及非法人组织,{code},拟知远,云市监罚〔2026〕{number}{row:05d}号,未按规定明码标价,"
            f"现场检查发现,《价格法》第四十二条,罚款,罚款人民币壹万元,1,2026/10/18,2099/12/31,{NAME},{MARKET},{NAME},{MARKET}"
        )
    return "\n".join(lines) + "\n"
