"""`make bench`: the product beside the bare tools, in one run, with a home of its own; writes the figures down."""

import argparse
import os
import platform
import shutil
from pathlib import Path

import django.db
import psycopg

from bench.intake import Figures, measure_intake
from bench.pages import Measured, measure_home
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.postgres import stop_server
from xinheng.site.boot import boot
from xinheng.site.database import bring_up, let_go
from xinheng.site.setting_up import DEMO, prepare_home

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "reference" / "benchmarks.md"


def main() -> None:
    """Run everything for one size and write `docs/reference/benchmarks.md`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--questions", type=int, default=1_000)
    options.add_argument("--home", type=Path, default=ROOT / "bench" / "out" / "home")
    given = options.parse_args()
    home = Home(given.home.absolute())
    stop_server(home)
    shutil.rmtree(home.root, ignore_errors=True)
    boot(home)
    prepare_home(home, pack=DEMO, now=clock.now())
    with psycopg.connect(bring_up(home).owner.conninfo()) as owner:
        figures = measure_intake(home, owner, rows=given.rows, folder=home.root / "bench")
    pages = list(measure_home(home, given.questions))
    text = _report(figures, pages)
    REPORT.write_text(text, encoding="utf-8")
    print(text)
    django.db.connections.close_all()
    let_go()
    shutil.rmtree(home.root, ignore_errors=True)


def _report(figures: Figures, pages: list[Measured]) -> str:
    machine = f"{os.cpu_count()} 核，{platform.machine()}，Python {platform.python_version()}"
    lines = [
        "# 速度",
        "",
        f"由 `make bench` 写出：{clock.today().isoformat()}，{machine}，{figures.rows:,} 行处罚数据，"
        "同一次运行中与裸工具并排测得。比值比秒数可靠。",
        "",
        "| 测什么 | 测得 | 目标 |",
        "| --- | --- | --- |",
        *(f"| {what} | {measured} | {bar} |" for what, measured, bar in figures.lines()),
        "",
        "| 页面（本机 HTTP，预热，单客户端） | 次数 | p50 | p95 | 目标 p95 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for page in pages:
        bar = f"< {page.bar_p95_ms} ms" if page.bar_p95_ms else ""
        lines.append(f"| {page.kind} | {page.requests} | {page.p50_ms:.1f} ms | {page.p95_ms:.1f} ms | {bar} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
