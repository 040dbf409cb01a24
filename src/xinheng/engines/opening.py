"""Opening an engine by its name."""

import importlib
import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xinheng.base.errors import Refused, WrongUsage
from xinheng.engines.duck import duck
from xinheng.engines.questions import Engine
from xinheng.engines.reference import Reference

DUCKDB, SPARK, REFERENCE = "duckdb", "spark", "reference"
ENGINES = (DUCKDB, SPARK, REFERENCE)


@contextmanager
def opened(name: str, tmp: Path, *, master: str | None = None) -> Iterator[Engine]:
    """The engine of that name for one piece of work, with its spill folder under `tmp`.

    WrongUsage for another name, and for a `master` where there is none; Refused where Spark or Java is missing.
    """
    if name not in ENGINES:
        raise WrongUsage(f"没有名为“{name}”的计算引擎。", f"可以写 {'、'.join(ENGINES)}。")
    if master and name != SPARK:
        raise WrongUsage("只有 Spark 需要 --master。", "请去掉 --master，或改用 --engine spark。")
    if name == REFERENCE:
        yield Reference()
    elif name == DUCKDB:
        with duck(tmp) as engine:
            yield engine
    else:
        if missing := missing_for_spark():
            raise Refused(
                f"这台机器上没有{missing}，不能使用 Spark。", "请安装 Java 17 以上和 xinheng[spark]，或改用默认引擎。"
            )
        # Named and not imported: pyspark is an extra of the package.
        with importlib.import_module("xinheng.engines.spark").spark(tmp, master=master) as engine:
            yield engine


def missing_for_spark() -> str:
    """What Spark needs and this machine has not; '' when all is there."""
    if importlib.util.find_spec("pyspark") is None:
        return " pyspark"
    return "" if shutil.which("java") or "JAVA_HOME" in os.environ else " Java"
