"""Everything `make bench` measures, in one run, and the page it writes."""

import json
from collections.abc import Iterable

import psycopg

from bench import search
from bench.checking import Checked, measure_checks
from bench.intake import Figures, measure_intake
from bench.large import LargeFile, measure_large
from bench.listing import Listed, measure_listing
from bench.pages import PAGE_TITLES, Measured, measure_home
from bench.report import machine, put_section, table
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.site.database import bring_up
from xinheng.site.setting_up import DEMO, prepare_home

ENTRIES, MEASURES = 200_000, 500


def run(home: Home, *, rows: int, organisations: int, questions: int, large: int) -> None:
    """Measure intake, then (with `large` rows) memory, then search and pages over what has come together."""
    prepare_home(home, pack=DEMO, now=clock.now())
    folder = home.root / "bench"
    with psycopg.connect(bring_up(home).owner.conninfo()) as owner:
        figures = measure_intake(home, owner, rows=rows, folder=folder)
    print(*figures.lines(), sep="\n", flush=True)
    big = list(measure_large(home, rows=large, folder=folder)) if large else []
    filled = search.fill(organisations)
    print(filled, flush=True)
    pages = list(measure_home(home, questions))
    listed = measure_listing(folder)
    checked = measure_checks(home, organisations=organisations, entries=ENTRIES, measures=MEASURES)
    lines = _report(figures, big, pages, listed, checked, organisations)
    put_section("county", lines)
    print(*lines, sep="\n")


def run_search(home: Home, *, organisations: int) -> None:
    """Measure the search alone, in this process, over invented organisations."""
    prepare_home(home, pack=DEMO, now=clock.now())
    for measured in search.measure_search(organisations):
        print(json.dumps(measured, ensure_ascii=False), flush=True)


def run_listing(home: Home) -> None:
    """Measure what follows from lists alone."""
    prepare_home(home, pack=DEMO, now=clock.now())
    print(*measure_listing(home.root / "bench").lines(), sep="\n", flush=True)


def run_checks(home: Home, *, organisations: int) -> None:
    """Measure the credit check alone; the county is built once and asked again with `--keep`."""
    prepare_home(home, pack=DEMO, now=clock.now())
    checked = measure_checks(home, organisations=organisations, entries=ENTRIES, measures=MEASURES)
    print(*checked.lines(), sep="\n", flush=True)


def _report(
    figures: Figures,
    big: Iterable[LargeFile],
    pages: Iterable[Measured],
    listed: Listed,
    checked: Checked,
    organisations: int,
) -> list[str]:
    return [
        f"由 `make bench` 写出：{machine()}。与裸工具在同一次运行中、对同一批数据并排测得；比值比秒数可靠。",
        "",
        f"## 收入 {figures.rows:,} 行处罚数据",
        "",
        *table(figures.lines()),
        *_large_lines(list(big)),
        "## 页面",
        "",
        f"本机 HTTP，预热，单客户端；库中有 {organisations:,} 个以上单位。",
        "",
        *table(map(_page, pages), heads=("页面", "次数", "p50", "p95", "目标 p95")),
        "## 名单引起的措施",
        "",
        *table(listed.lines()),
        "## 信用核查",
        "",
        f"库中有 {organisations:,} 个以上单位、{ENTRIES:,} 条名单信息和 {MEASURES} 种措施；"
        "服务、数据库和测速程序共用这台机器。",
        "",
        *table(checked.lines()),
    ]


def _page(page: Measured) -> tuple[str, ...]:
    bar = f"< {page.bar_p95_ms} ms" if page.bar_p95_ms else ""
    return PAGE_TITLES[page.kind], str(page.requests), f"{page.p50_ms:.1f} ms", f"{page.p95_ms:.1f} ms", bar


def _large_lines(big: list[LargeFile]) -> list[str]:
    if not big:
        return []
    rows = (
        (f"{one.rows:,}", one.engine_memory, f"{one.seconds:.0f} s", f"{one.peak_gb:.2f} GB", one.bar) for one in big
    )
    return ["## 大文件与内存", "", *table(rows, heads=("行数", "引擎内存上限", "用时", "进程内存峰值", "目标"))]
