"""Memory while one very large file goes in: a process of its own, whose peak the system tells at its end.

The system tells no less than what this process, which starts it, has held itself: the figure is an upper bound.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.generate import write_penalties
from bench.intake import ORGANISATIONS
from bench.memory import KILOBYTES_PER_GB
from xinheng.base.home import Home
from xinheng.demo.texts import read_departments

NORMAL_MEMORY = "3GB"
SMALL_MEMORY = "1GB"


@dataclass(frozen=True)
class LargeFile:
    """What one file took."""

    rows: int
    engine_memory: str
    seconds: float
    peak_gb: float
    bar: str


def measure_large(home: Home, *, rows: int, folder: Path) -> Iterator[LargeFile]:
    """The file at the usual engine limit, then another one of a third of its rows under 1 GB."""
    yield _measure(home, rows, NORMAL_MEMORY, folder, bar="< 4 GB")
    yield _measure(home, rows // 3, SMALL_MEMORY, folder, bar="完成")


def _measure(home: Home, rows: int, memory: str, folder: Path, *, bar: str) -> LargeFile:
    source = write_penalties(folder, rows=rows, organisations=ORGANISATIONS)
    department = read_departments()["县市监局"].code
    command = [sys.executable, "-m", "xinheng", "intake", str(source), "--type", "penalty", "--department", department]
    environment = {**os.environ, "XINHENG_HOME": str(home.root), "XINHENG_ENGINE_MEMORY": memory}
    started = time.perf_counter()
    process = os.posix_spawn(sys.executable, command, environment)
    _, status, used = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    source.unlink()
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{source.name}: xinheng intake ended with {os.waitstatus_to_exitcode(status)}")
    return LargeFile(rows, memory, seconds, used.ru_maxrss / KILOBYTES_PER_GB, bar)
