"""How fast the credit check answers: single checks beside pgbench and beside one commit a call, batches, a file.

Everything runs on this machine in one go: service, database and load generator share its processors, and the
generator's own time is named. Imported once Django is set up.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from bench.checks_world import BY, CheckWorld, build
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.postgres import pg_binaries
from xinheng.checks.actions.files import answer_file, receive_codes
from xinheng.checks.asking import Asker, errand
from xinheng.people.models import Department
from xinheng.site.serve import checks_command

SECONDS, WARM_SECONDS, CONNECTIONS = 15, 8, 64
PGBENCH_CLIENTS = 48
"""The embedded server takes sixty connections."""
MANY, CALLERS_OF_MANY = 1_000, 4
SERVICE, SITE = "xinheng.site.checks_asgi:application", "xinheng.site.asgi:application"
ONE_COMMIT = "bench.one_commit:application"
_QUESTION = (
    "SELECT c.* FROM bench_codes b, LATERAL check_answer_v1(ARRAY[b.code], ARRAY[{region}::bigint], DATE '{day}') c"
)
_TWO_STATEMENTS = """\\set n random(1, {codes})
BEGIN;
{question} WHERE b.n = :n;
INSERT INTO audit_event (at, act, actor_kind, actor_id, actor_name, region_id, object_type, object_id, purpose, detail,
    transaction) VALUES (now(), 'check.answer', 'client', '0123456789ab', 'hall', {region}, 'organisation',
    '91990001MA7XH10132', '[service] bench', '{{"check": "HC990001-20261122-AAAAAAAAAA", "item": "SP-XK-01", "hits": 0,
    "digest": "{digest}"}}', 0);
COMMIT;
"""


@dataclass(frozen=True)
class Checked:
    """What one run saw."""

    single: float
    p99_ms: float
    generator_share: float
    """Share of one processor that the load generator took."""
    pgbench: float
    pgbench_p99_ms: float
    """What the bare two statements take with nearly as many connections."""
    one_commit: float
    many: float
    many_generator_share: float
    file_codes: int
    file_seconds: float
    received_seconds: float
    load: float
    """Load of the machine when the run began: other work on it makes every figure worse."""

    def lines(self) -> list[tuple[str, str, str]]:
        """(what, measured, bar) for the table."""
        return [
            (f"单次核查，{CONNECTIONS} 个连接", f"{self.single:,.0f} 次/s", ""),
            (
                "单次核查 p99",
                f"{self.p99_ms:.0f} ms（pgbench 的两条语句，{PGBENCH_CLIENTS} 个连接：{self.pgbench_p99_ms:.0f} ms）",
                "< 50 ms",
            ),
            (
                "÷ pgbench 执行同样的两条语句（持久提交）",
                f"{self.single / self.pgbench:.2f} 倍（{self.pgbench:,.0f} 次/s）",
                "≥ 0.5 倍",
            ),
            (
                "÷ 同一服务每次核查单独提交",
                f"{self.single / self.one_commit:.2f} 倍（{self.one_commit:,.0f} 次/s）",
                "≥ 1.5 倍",
            ),
            (f"批量，每次 {MANY:,} 个代码", f"{self.many:,.0f} 个/s", "≥ 40,000 个/s"),
            (
                f"文件，{self.file_codes:,} 个代码",
                f"{self.file_seconds:.0f} s（另收文件 {self.received_seconds:.0f} s）",
                "< 60 s",
            ),
            (
                "测速程序自己占用的处理器",
                f"单次 {self.generator_share:.0%}，批量 {self.many_generator_share:.0%}（占一个核）",
                "",
            ),
            ("开始时机器的负载", f"{self.load:.1f}", ""),
        ]


def measure_checks(home: Home, *, organisations: int, entries: int, measures: int) -> Checked:
    """Build the county if it is not there, and measure everything on it."""
    world = build(organisations=organisations, entries=entries, measures=measures)
    folder = home.root / "bench"
    folder.mkdir(exist_ok=True)
    codes = folder / "codes"
    codes.write_text("\n".join(world.codes), encoding="ascii")
    load = os.getloadavg()[0]
    single = _under_load(SERVICE, world, codes, connections=CONNECTIONS)
    one_commit = _under_load(ONE_COMMIT, world, codes, connections=CONNECTIONS)
    pgbench, pgbench_p99_ms = _pgbench(world, folder)
    many = _under_load(SITE, world, codes, connections=CALLERS_OF_MANY, many=MANY)
    received, answered = _file(home, codes)
    return Checked(
        single=single["per_second"], p99_ms=single["p99_ms"],
        generator_share=single["generator_cpu_seconds"] / SECONDS, pgbench=pgbench, pgbench_p99_ms=pgbench_p99_ms,
        one_commit=one_commit["per_second"], many=many["per_second"] * MANY,
        many_generator_share=many["generator_cpu_seconds"] / SECONDS, file_codes=len(world.codes),
        file_seconds=answered, received_seconds=received, load=load,
    )  # fmt: skip


def _under_load(
    application: str, world: CheckWorld, codes: Path, *, connections: int, many: int = 0
) -> dict[str, float]:
    """What the load generator saw, in a process of its own, once everything is warm."""
    with served(application) as port:
        for seconds in (WARM_SECONDS, SECONDS):
            done = subprocess.run(
                [sys.executable, "-m", "bench.checks", "--port", str(port), "--secret", world.secret, "--codes",
                 str(codes), "--connections", str(connections), "--seconds", str(seconds), "--many", str(many)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            print(application, done.stdout.strip(), flush=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


@contextmanager
def served(application: str) -> Iterator[int]:
    """The application as `xinheng serve` runs it, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    server = subprocess.Popen(checks_command("127.0.0.1", port, application=application))
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(60)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the check service did not start")


def _pgbench(world: CheckWorld, folder: Path) -> tuple[float, float]:
    """The question and the log's row, without anything else that a check does: how many a second, and their p99."""
    with connections["owner"].cursor() as owner:
        owner.execute("DROP TABLE IF EXISTS bench_codes")
        owner.execute("CREATE TABLE bench_codes (n integer PRIMARY KEY, code text NOT NULL)")
        owner.execute(
            "INSERT INTO bench_codes SELECT row_number() OVER (), credit_code FROM register_organisation"
            " WHERE credit_code IS NOT NULL"
        )
        owner.execute("GRANT SELECT ON bench_codes TO PUBLIC")
        owner.execute("VACUUM ANALYZE bench_codes")
    question = _QUESTION.format(region=world.region_id, day=clock.today())
    script = folder / "two.sql"
    script.write_text(
        _TWO_STATEMENTS.format(codes=len(world.codes), question=question, region=world.region_id, digest="0" * 64),
        encoding="utf-8",
    )
    facts = connections["default"].settings_dict
    programs = pg_binaries()
    told = ""
    logs = folder / "pgbench"
    for seconds in (WARM_SECONDS, SECONDS):
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir()
        told = subprocess.run(
            [programs.program("pgbench"), "-n", "-M", "prepared", "-c", str(PGBENCH_CLIENTS), "-j", "2", "-T",
             str(seconds), "-f", str(script), "-l", "--log-prefix", str(logs / "each"),
             "-h", facts["HOST"], "-p", str(facts["PORT"]), "-U", facts["USER"],
             facts["NAME"]],
            env={**os.environ, "PGPASSWORD": str(facts["PASSWORD"])}, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        print(told.strip().splitlines()[-1], flush=True)
    # A line of the log: client, transaction, microseconds, …
    took = sorted(
        int(line.split()[2]) for log in logs.iterdir() for line in log.read_text(encoding="ascii").splitlines()
    )
    return float(told.partition("tps = ")[2].split()[0]), took[int(len(took) * 0.99)] / 1000


def _file(home: Home, codes: Path) -> tuple[float, float]:
    """Seconds to take in and to answer one file of all codes."""
    market = Department.objects.select_related("region").get(code="119900010000084085")
    asker = Asker(BY, market.region_id, market.region.code, market.pk, market.code, market.name)
    about = errand(asker=asker, item="SP-XK-01", case_no="bench", purpose="service", pack="demo")
    begun = time.perf_counter()
    file = receive_codes(about=about, path=codes, file_name="codes.csv", home=home, now=clock.now())
    received = time.perf_counter()
    answer_file(file=file, about=about, pack="demo", home=home, now=clock.now())
    return received - begun, time.perf_counter() - received
