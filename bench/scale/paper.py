"""What thirteen billion rows would need, on paper: measured costs per row, times as many rows."""

from collections.abc import Iterator
from dataclasses import dataclass

ROWS = 13_000_000_000
"""What the national platform held, by its own account: domain/10."""
SECONDS_A_DAY = 86_400
EXECUTORS = (10, 100)
"""Executors of one core and 2 GB, as `local-cluster[2,1,2048]` starts them."""


@dataclass(frozen=True)
class Costs:
    """Measured on this machine; seconds of one core for a row, by what is done with it."""

    intake: float
    questions_on_spark: float
    indicators_on_spark: float
    bytes: float


def lines(costs: Costs) -> Iterator[str]:
    """The paper as Markdown."""
    yield "| 做什么 | 每行 | 130 亿行 |"
    yield "| --- | --- | --- |"
    stored = ROWS * costs.bytes / 1e12
    yield f"| 账本占用 | {costs.bytes:.0f} 字节 | {stored:.2f} TB（存三份 {3 * stored:.1f} TB） |"
    days = ROWS * costs.intake / SECONDS_A_DAY
    yield f"| 收入（一个核心：读入、核对、密封、入账） | {costs.intake * 1e6:.0f} 微秒 | {days:,.0f} 个核心日 |"
    for what, cost in (
        ("收入中的集合运算，在 Spark 上", costs.questions_on_spark),
        ("二十二个指标，在 Spark 上", costs.indicators_on_spark),
    ):
        each = "；".join(f"{count} 个执行进程 {_time(ROWS * cost / count)}" for count in EXECUTORS)
        yield f"| {what} | {cost * 1e6:.1f} 微秒 | {each} |"


def _time(seconds: float) -> str:
    return f"{seconds / 3600:.1f} 小时" if seconds >= 3600 else f"{seconds / 60:.0f} 分钟"
