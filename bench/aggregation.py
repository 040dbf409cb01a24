"""Indicators of all organisations: the product's way beside SQL by hand, pandas, Polars and Spark, on the same rows.

`python -m bench.aggregation [--rows 7000000 --organisations 1000000] [--ways duckdb,sql,…]`. Each way runs in a process
of its own, and its result is compared with the product's, row for row.
"""

import argparse
import importlib
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bench.answers import differing
from bench.facts import AS_AT, aliases, facts
from bench.memory import most_memory_gb
from xinheng.engines.aggregation import Aggregation
from xinheng.engines.duck import duck
from xinheng.engines.indicators import Condition, Indicator
from xinheng.engines.opening import SPARK, opened
from xinheng.engines.questions import Engine, Files

ROOT = Path(__file__).resolve().parent
MEMORY, LITTLE = "3GB", "2GB"
OURS, SMALL, SQL, PANDAS, POLARS = "duckdb", "duckdb-2GB", "sql", "pandas", "polars"
SPARK_LOCAL, SPARK_CLUSTER = "spark-local", "spark-cluster"
MASTERS = {SPARK_LOCAL: "local[2]", SPARK_CLUSTER: "local-cluster[2,1,2048]"}
HANDS = {
    SQL: "bench.aggregation_ways:by_sql",
    PANDAS: "bench.aggregation_ways:by_pandas",
    POLARS: "bench.aggregation_polars:by_polars",
}
WAYS = (OURS, SQL, SMALL, PANDAS, POLARS, SPARK_LOCAL, SPARK_CLUSTER)


@dataclass(frozen=True)
class Ran:
    """How long a way took from the files to the written result, its processor time, and its most memory.

    Processor time tells more than the clock where others work on the same machine; executors of Spark have none here.
    """

    way: str
    seconds: float
    cpu: float | None
    again: float | None
    peak_gb: float
    differing: int


def indicators() -> tuple[Indicator, ...]:
    """The indicators of the comparison."""
    found = yaml.safe_load((ROOT / "indicators.yaml").read_text(encoding="utf-8"))
    return tuple(_indicator(one) for one in found)


def _indicator(given: dict[str, object]) -> Indicator:
    conditions = tuple(Condition(one["column"], tuple(one["values"])) for one in given.pop("conditions", ()))
    listed = {name: tuple(given.pop(name, ())) for name in ("types", "decay")}
    return Indicator(**given, **listed, conditions=conditions)


def run_one(way: str, folder: Path, rows: int, organisations: int, out: Path) -> dict[str, float | None]:
    """Run one way in this process; `again` is the time of a second run where the first had to warm up."""
    files, old = facts(folder, rows=rows, organisations=organisations), aliases(folder, organisations=organisations)
    again, before = None, _processor()
    if way in HANDS:
        out.mkdir(parents=True)
        more = {"memory": MEMORY} if way == SQL else {}
        # Named and not imported: Polars need not be there for the others.
        module, name = HANDS[way].split(":")
        by_hand = getattr(importlib.import_module(module), name)
        started = time.perf_counter()
        by_hand(files, old, indicators(), out / "part-0.parquet", **more)
        seconds = time.perf_counter() - started
    elif way in MASTERS:
        with opened(SPARK, folder, master=MASTERS[way]) as engine:
            seconds = _ours(engine, files, old, out)
            shutil.rmtree(out)
            again = _ours(engine, files, old, out)
    else:
        with duck(folder, memory=LITTLE if way == SMALL else MEMORY) as engine:
            seconds = _ours(engine, files, old, out)
    cpu = None if way in MASTERS else _processor() - before
    return {"seconds": seconds, "cpu": cpu, "again": again, "peak_gb": most_memory_gb()}


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _ours(engine: Engine, files: Sequence[Path], old: Path, out: Path) -> float:
    question = Aggregation(indicators(), date.fromisoformat(AS_AT))
    started = time.perf_counter()
    engine.read("facts", question.tables["facts"], [Files(tuple(files))])
    engine.read("aliases", question.tables["aliases"], [Files((old,))])
    engine.save(question, out)
    return time.perf_counter() - started


def measure(ways: Sequence[str], folder: Path, rows: int, organisations: int) -> Iterator[Ran]:
    """Every way in a process of its own, one after the other, compared with the product's."""
    facts(folder, rows=rows, organisations=organisations)
    aliases(folder, organisations=organisations)
    results = folder / "results"
    shutil.rmtree(results, ignore_errors=True)
    for way in dict.fromkeys([OURS, *ways]):
        command = [sys.executable, "-m", "bench.aggregation", "--way", way, "--folder", str(folder)]
        command += ["--rows", str(rows), "--organisations", str(organisations), "--out", str(results / way)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT.parent)
        if ran.returncode:
            raise SystemExit(f"{way}: {ran.stderr[-2000:]}")
        told = json.loads(ran.stdout.splitlines()[-1])
        yield Ran(way=way, **told, differing=differing(results / OURS, results / way, _compared()))


def _compared() -> str:
    """The columns in one order and as whole numbers: pandas writes some as fractions."""
    return ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in ("subject_no", *(one.key for one in indicators())))


BARS = {
    SQL: ("我们 ÷ 手写 SQL", "≤ 1.5", True),
    SMALL: ("2 GB 内存 ÷ 3 GB", "≤ 1.5", False),
    PANDAS: ("pandas ÷ 我们", "≥ 8，争取 11", False),
    POLARS: ("Polars ÷ 我们", "", False),
    SPARK_LOCAL: ("Spark local[2] ÷ 我们", "≤ 7", False),
    SPARK_CLUSTER: ("Spark 两个执行进程 ÷ 我们", "", False),
}


def lines(found: Sequence[Ran], rows: int) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure and the bar."""
    ours = next(one for one in found if one.way == OURS)
    yield f"{rows:,} 行、{len(indicators())} 个指标", f"{ours.seconds:.1f} s，峰值 {ours.peak_gb:.2f} GB", ""
    for one in found:
        if one.way == OURS:
            continue
        what, bar, inverted = BARS[one.way]
        ratio = ours.seconds / one.seconds if inverted else one.seconds / ours.seconds
        cpu = ""
        if one.cpu and ours.cpu:
            cpu = f"；处理器时间 {ours.cpu / one.cpu if inverted else one.cpu / ours.cpu:.2f}"
        same = "结果逐行相同" if not one.differing else f"有 {one.differing:,} 行不同"
        warm = f"；热身后 {one.again / ours.seconds:.2f}" if one.again else ""
        yield what, f"{ratio:.2f}（{one.seconds:.1f} s，{same}{cpu}{warm}）", bar


def growth(small: Ran, few: int, large: Ran, many: int) -> float:
    """The exponent by which time grows with rows."""
    return math.log(large.seconds / small.seconds) / math.log(many / few)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--organisations", type=int, default=100_000)
    options.add_argument("--ways", default=",".join(WAYS), help="which of them, separated by commas")
    options.add_argument("--folder", type=Path, default=ROOT / "out" / "aggregation")
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.way:
        print(json.dumps(run_one(given.way, given.folder, given.rows, given.organisations, given.out)))
        return
    found = list(measure(given.ways.split(","), given.folder, given.rows, given.organisations))
    print(f"{given.organisations:,} organisations; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    for what, figure, bar in lines(found, given.rows):
        print(f"{what}: {figure}" + (f"  [{bar}]" if bar else ""), flush=True)


if __name__ == "__main__":
    main()
