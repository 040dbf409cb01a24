"""The section of the report on a large county, out of what was measured."""

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bench.aggregation import Ran
from bench.aggregation import lines as compared
from bench.pages import PAGE_TITLES
from bench.report import machine, table
from bench.scale.loading import Loaded
from bench.scale.paper import Costs, lines
from bench.scale.size import LARGE_TYPE, TYPES, Size

Measured = Mapping[str, Any]


def section(size: Size, found: Measured, files: Sequence[Loaded]) -> Iterator[str]:
    """Markdown, in the order of the phases."""
    yield f"## {size.rows:,} 条信息、{size.organisations:,} 个单位、{len(TYPES)} 种类型"
    yield ""
    yield (
        f"由 `make bench SCALE=…` 写出：{machine()}。每百行有一行差错。与裸工具在同一次运行中、对同一批数据并排测得。"
    )
    yield ""
    if any(one.counts for one in files):
        yield from _part("收入", table(_intake(files)))
    if _measured(found, "loose", "unsorted", "gathered", "clustered"):
        yield from _part("查一个单位的全部信息", table(_lookup(found)))
    if _measured(found, "totals", "indicators", "indicators-little"):
        yield from _part("统计与指标", table(_figures(found)))
    if _measured(found, "ways"):
        yield from _part("同样的指标，与别的做法并排", table(_ways(found)))
    if _measured(found, "pages"):
        yield from _part("检索与单位页", table(_pages(found), heads=("页面", "测得 p50 / p95", "目标 p95")))
    if _measured(found, "gathered", "indicators-spark", "taking-in", "taking-in-cluster"):
        yield from _part("130 亿行要多少（按上面测得的数推算）", [*lines(_costs(found, files)), "", ASSUMED, ""])
    if not _measured(found, "ways"):
        yield "还没有测完；再运行同一条命令，会接着测。"


ASSUMED = (
    "推算假定：各台机器与这台相同；Spark 的执行进程各一个核心、2 GB；收入按行数增长（指数见上）；"
    "登记库只放许可、处罚等条目，专门类信息只在账本里；收入中的集合运算在几十万行上测得，每次的固定开销也摊在每行上。"
)


def _part(title: str, content: Iterable[str]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield from content


def _measured(found: Measured, *phases: str) -> bool:
    return all(phase in found for phase in phases)


def _intake(files: Sequence[Loaded]) -> Iterator[tuple[str, str, str]]:
    counted = [one for one in files if one.counts]
    small = [one for one in counted if one.type != LARGE_TYPE]
    rows, seconds = sum(one.rows for one in counted), sum(one.seconds for one in counted)
    rejected = sum(one.rejected for one in counted)
    yield "计入的文件", f"{rows:,} 行，{seconds:,.0f} s，{rows / seconds:,.0f} 行/s；退回 {rejected:,} 行", ""
    left_out = sum(one.rows for one in files if not one.counts)
    if left_out:
        yield "没有计入的（热身的小文件、中断后又收一遍的、换程序以前收的）", f"{left_out:,} 行", ""
    for kind, ledger_only in (("只入账本的类型", True), ("同时登记的类型", False)):
        of_kind = [one for one in small if (one.type in LEDGER_ONLY) == ledger_only]
        ratio = sum(one.seconds for one in of_kind) / sum(one.bare for one in of_kind)
        speed = sum(one.rows for one in of_kind) / sum(one.seconds for one in of_kind)
        yield f"{kind} ÷ 裸 CSV→Parquet", f"{ratio:.1f} 倍（{speed:,.0f} 行/s）", "≤ 5 倍" if ledger_only else ""
    large = {one.name[-1]: one for one in counted if one.type == LARGE_TYPE}
    if len(large) == 2:
        usual, little = large["0"], large["1"]
        yield (
            f"一个 {usual.rows:,} 行的文件 ÷ 裸 CSV→Parquet",
            f"{usual.seconds / usual.bare:.1f} 倍（{usual.seconds:.0f} s）",
            "≤ 5 倍",
        )
        yield "它的内存峰值", f"{usual.peak_gb:.2f} GB", "< 4 GB"
        yield (
            f"同样一个文件，引擎限 {little.memory} ÷ {usual.memory}",
            f"{little.seconds / usual.seconds:.2f} 倍，峰值 {little.peak_gb:.2f} GB",
            "≤ 2.5 倍",
        )
    grown = list(_growth(small))
    if grown:
        slower = statistics.median(grown)
        span = f"账本从 {_ten_thousands(small[0])} 万行到 {_ten_thousands(small[-1])} 万行"
        yield f"{span}，同样一批慢多少（各类型首末两批之比的中位数）", f"{slower:.2f} 倍", "< 1.2 倍"
    if exponent := _exponent(small):
        yield "每行成本随账本增长的指数（前十分之一与全部）", f"{exponent:.3f}", "≤ 1.05"


def _ten_thousands(file: Loaded) -> str:
    """How many rows the ledger held before it, in ten thousands as readers count."""
    return f"{file.before // 10_000:,}"


LEDGER_ONLY = frozenset(TYPES[:7]) | {LARGE_TYPE}


def _growth(files: Sequence[Loaded]) -> Iterator[float]:
    """For each type with several whole files: seconds a row of its last one beside its first one."""
    whole = max((one.rows for one in files), default=0)
    for type in TYPES:
        same = [one for one in files if one.type == type and one.rows == whole]
        if len(same) > 1:
            yield same[-1].seconds / same[0].seconds


def _exponent(files: Sequence[Loaded]) -> float:
    """How the cost of all rows grows with their number, the types being mixed evenly."""
    total = sum(one.rows for one in files)
    # Types differ in cost, so that of each file is expected what its type costs on the whole.
    usual = {type: _per_row(files, type) for type in TYPES}
    rows, seconds, expected = 0, 0.0, 0.0
    for one in files:
        rows, seconds, expected = rows + one.rows, seconds + one.seconds, expected + one.rows * usual[one.type]
        if rows >= total / 10:
            break
    return 1 + math.log(expected / seconds) / math.log(total / rows) if rows < total else 0.0


def _per_row(files: Sequence[Loaded], type: str) -> float:
    same = [one for one in files if one.type == type]
    return sum(one.seconds for one in same) / max(1, sum(one.rows for one in same))


def _lookup(found: Measured) -> Iterator[tuple[str, str, str]]:
    gathered, held = found["clustered"]["measured"], found["gathered"]["measured"]
    unsorted, loose = found["unsorted"]["measured"], found["loose"]["measured"]
    yield "归集前", f"中位数 {loose['median']} ms，p99 {loose['p99']} ms", ""
    yield (
        "归集（`xinheng ledger optimize --all`）",
        f"{held['seconds']:,.0f} s，{held['rows']:,} 行成 {held['files']} 个文件，"
        f"每行 {held['bytes'] / held['rows']:.1f} 字节",
        "",
    )
    yield (
        f"归集后，平均 {gathered['rows']} 行",
        f"中位数 {gathered['median']} ms，p99 {gathered['p99']} ms",
        "p99 < 30 ms",
    )
    yield "p99 ÷ 中位数", f"{gathered['p99'] / gathered['median']:.1f} 倍", "≤ 3 倍"
    yield "没有排序的账本 ÷ 归集后", f"{unsorted / gathered['median']:.0f} 倍（{unsorted:,.0f} ms）", "≥ 100 倍"


def _figures(found: Measured) -> Iterator[tuple[str, str, str]]:
    words = {"totals": "各类型现行信息和单位数", "indicators": "二十二个指标、全部单位"}
    for what, title in words.items():
        ours = found[what]["measured"]
        yield f"{title}（DuckDB）", f"{ours['seconds']:.1f} s，{ours['rows']:,} 行，峰值 {ours['peak_gb']:.2f} GB", ""
        if spark := found.get(f"{what}-spark", {}).get("measured"):
            same = "结果逐行相同" if spark["same"] else "结果不同"
            bar = "≤ 7 倍" if what == "indicators" else ""
            yield f"{title}：Spark local[2] ÷ DuckDB", f"{spark['seconds'] / ours['seconds']:.1f} 倍，{same}", bar
    little, ours = found["indicators-little"]["measured"], found["indicators"]["measured"]
    yield "二十二个指标：2 GB ÷ 3 GB 内存", f"{little['seconds'] / ours['seconds']:.2f} 倍", "≤ 1.5 倍"
    if "taking-in" not in found:
        return
    duck = found["taking-in"]["measured"]
    for name, title in (("taking-in-spark", "Spark local[2]"), ("taking-in-cluster", "Spark 两个执行进程")):
        if spark := found.get(name, {}).get("measured"):
            ratio = sum(spark["again"].values()) / sum(duck["again"].values())
            same = "结果逐行相同" if not spark["differing"] else f"{spark['differing']:,} 行不同"
            each = "、".join(f"{key} {spark['again'][key] / duck['again'][key]:.1f}" for key in duck["again"])
            yield f"收入中的集合运算：{title} ÷ DuckDB（热身后）", f"{ratio:.1f} 倍（{each}），{same}", "≤ 12 倍"


def _ways(found: Measured) -> Iterator[tuple[str, str, str]]:
    ran = [Ran(**one) for one in found["ways"]["measured"]]
    yield from compared(ran, found["compared_rows"]["measured"])


def _pages(found: Measured) -> Iterator[tuple[str, str, str]]:
    for one in found["pages"]["measured"]:
        bar = f"< {one['bar_p95_ms']} ms" if one["bar_p95_ms"] else ""
        yield PAGE_TITLES[one["kind"]], f"{one['p50_ms']:.1f} ms / {one['p95_ms']:.1f} ms", bar


def _costs(found: Measured, files: Sequence[Loaded]) -> Costs:
    spark, cluster = found["indicators-spark"], found["taking-in-cluster"]
    ledger_only = [one for one in files if one.type in LEDGER_ONLY and one.counts]
    held = found["gathered"]["measured"]
    two_cores = 2
    return Costs(
        intake=sum(one.cpu for one in ledger_only) / sum(one.rows for one in ledger_only),
        questions_on_spark=two_cores * sum(cluster["measured"]["again"].values()) / taking_in_rows(found),
        indicators_on_spark=two_cores * spark["measured"]["seconds"] / held["rows"],
        bytes=held["bytes"] / held["rows"],
    )


def taking_in_rows(found: Measured) -> int:
    """How many rows the set-based questions of intake were asked of."""
    return int(found["taking-in"]["measured"]["rows"])
