"""Spark on executors that are processes of their own, as on a cluster, answers as plain Python does."""

import os
import time
from pathlib import Path
from typing import Any

import ibis
import pytest
from tests.drawing import drawn
from tests.needs_spark import needs_spark
from tests.spec.generated import GENERATED
from tests.spec.specs import in_order

from xinheng.engines.duck import duck
from xinheng.engines.opening import SPARK, opened
from xinheng.engines.questions import Files, Row
from xinheng.engines.reference import Reference

pytestmark = [pytest.mark.slow, needs_spark]
EXECUTORS = "local-cluster[2,1,2048]"
PROCESS = "java_method('java.lang.ProcessHandle', 'current')"
"""SQL: the number of the process that computes a row."""


def test_executors_are_processes_of_their_own_and_answer_alike(tmp_path: Path) -> None:
    (asked,) = drawn(GENERATED["aggregation"].filter(lambda one: len(one.tables["facts"]) > 10), 1)
    files = _facts_in_several_files(tmp_path, asked.tables["facts"], asked.question.tables["facts"])
    with opened(SPARK, tmp_path, master=EXECUTORS) as engine:
        session = engine.session
        driver = session.sparkContext._jvm.java.lang.ProcessHandle.current().pid()
        executors = _executors(session)
        engine.read("facts", asked.question.tables["facts"], files)
        engine.put("aliases", asked.question.tables["aliases"], asked.tables["aliases"])
        answer = in_order(engine.answer(asked.question))
        commands = [Path(f"/proc/{process}/cmdline").read_text() for process in executors]
    assert len(executors) == 2
    assert driver not in executors
    assert os.getpid() not in executors
    assert all("CoarseGrainedExecutorBackend" in command for command in commands)
    assert answer == in_order(asked.of(Reference()))


def _executors(session: Any) -> set[int]:
    """The processes that compute rows, once both have reported to the driver."""
    found: set[int] = set()
    for _ in range(60):
        spread = session.range(0, 1_000, 1, 8).selectExpr(f"{PROCESS} AS process").distinct().collect()
        found |= {int(row["process"]) for row in spread}
        if len(found) > 1:
            break
        time.sleep(1)
    return found


def _facts_in_several_files(folder: Path, facts: list[Row], schema: ibis.Schema) -> list[Files]:
    paths = []
    with duck(folder) as engine:
        for part in range(3):
            engine.put("part", schema, facts[part::3])
            paths.append(folder / f"facts-{part}.parquet")
            engine.write("SELECT * FROM part", paths[-1])
    return [Files(tuple(paths))]
