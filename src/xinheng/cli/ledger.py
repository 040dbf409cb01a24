"""`xinheng ledger …`: what lies in the ledger, and laying it so that one subject's rows are found at once."""

from datetime import timedelta
from typing import Annotated

from django.conf import settings
from typer import Option

from xinheng.base import clock
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, print_table, progress, say
from xinheng.cli.parsing import SERVER, operator
from xinheng.ledger.actions import RETENTION, optimise, remove_retired
from xinheng.ledger.queries import holdings, retired_files


def status(as_json: AsJson = False) -> None:
    """How many rows, files and bytes the ledger holds of each record type."""
    found, retired = holdings(SERVER), retired_files(SERVER)
    if as_json:
        print_json({"types": found, "retired": retired})
        return
    print_table(
        ("类型", "行", "文件", "其中未归集", "字节"),
        [(one.type, one.rows, one.files, one.loose, one.bytes) for one in found],
    )
    if retired.files:
        say(f"另有 {retired.files} 个已替换的文件（{retired.bytes:,} 字节），保留期满后删除。")


def optimize(
    everything: Annotated[bool, Option("--all", help="不论多少都归集，每个分区只留一个文件")] = False,
    retention_hours: Annotated[
        float, Option("--retention-hours", min=0, help="已替换的文件在磁盘上保留多少小时")
    ] = RETENTION.total_seconds() / 3600,
    as_json: AsJson = False,
) -> None:
    """Gather small files into few that are sorted by subject; safe while files come in and pages are read."""
    started = clock.now()
    with progress(quiet=as_json) as bar:
        task = bar.add_task("归集", total=None)
        done = optimise(
            home=settings.HOME, by=operator(), clock=clock.now, everything=everything,
            progress=lambda type, step, of: bar.update(task, description=f"归集 {type}", completed=step, total=of),
        )  # fmt: skip
    freed = remove_retired(home=settings.HOME, now=clock.now(), retention=timedelta(hours=retention_hours))
    seconds = (clock.now() - started).total_seconds()
    close_log()
    if as_json:
        print_json({"gathered": done, "freed": freed, "seconds": round(seconds, 1)})
        return
    if done.steps:
        say(f"{done.files_before} 个文件、{done.rows:,} 行已归集为 {done.files_after} 个文件，用时 {seconds:.0f} 秒。")
    else:
        say("没有需要归集的文件。")
    if freed.files:
        say(f"已删除 {freed.files} 个保留期满的旧文件，腾出 {freed.bytes:,} 字节。")
