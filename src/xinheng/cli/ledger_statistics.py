"""`xinheng ledger statistics`: what the archives hold, by an engine of one's choice."""

from typing import Annotated

from django.conf import settings
from typer import Option

from xinheng.base import clock
from xinheng.cli.output import AsJson, print_json, print_table, say
from xinheng.cli.parsing import SERVER
from xinheng.engines.opening import DUCKDB, ENGINES, opened
from xinheng.ledger.actions.holding import held
from xinheng.ledger.models import HoldKind
from xinheng.register.queries import archive_totals


def statistics(
    engine: Annotated[str, Option("--engine", help=f"计算引擎：{'、'.join(ENGINES)}")] = DUCKDB,
    master: Annotated[str | None, Option("--master", help="Spark 的主节点，如 local[2] 或集群地址")] = None,
    as_json: AsJson = False,
) -> None:
    """How many subjects and statements in force there are of each type, and of which days."""
    with held(HoldKind.READING, clock=clock.now), opened(engine, settings.HOME.tmp, master=master) as opened_engine:
        started = clock.now()
        found = archive_totals(SERVER, engine=opened_engine, home=settings.HOME)
        seconds = (clock.now() - started).total_seconds()
    if as_json:
        print_json({"engine": engine, "types": found, "rows": sum(one.rows for one in found), "seconds": seconds})
        return
    print_table(
        ("类型", "主体", "现有信息", "最早", "最晚"),
        [(one.type, one.subjects, one.rows, one.first_day or "", one.last_day or "") for one in found],
    )
    say(f"由 {engine} 计算，用时 {seconds:.1f} 秒。")
