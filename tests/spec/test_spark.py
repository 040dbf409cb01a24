"""Spark answers as DuckDB and plain Python do: the specification, generated tables, dirty rows, files of the ledger."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from tests.catalogue.checks.check_worlds import CONTEXT, PENALTY, PERSON, only
from tests.dirty_rows import rows
from tests.drawing import drawn
from tests.needs_spark import needs_spark
from tests.spec.generated import GENERATED, identifier
from tests.spec.specs import Case, in_order, specs

from xinheng.catalogue.checks import CHECKS
from xinheng.catalogue.checks.validation import Validation
from xinheng.engines.archives import ArchiveStatistics
from xinheng.engines.duck import duck
from xinheng.engines.opening import SPARK, opened
from xinheng.engines.questions import Engine, Files, Row
from xinheng.engines.reference import Reference

pytestmark = [pytest.mark.slow, needs_spark]
CASES = [pytest.param(case, id=f"{spec.operation}: {case.title}") for spec in specs() for case in spec.cases]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with opened(SPARK, tmp_path_factory.mktemp("spark")) as engine:
        engine.session.conf.set("spark.sql.shuffle.partitions", 2)  # the tables are tiny
        yield engine


@pytest.mark.parametrize("case", CASES)
def test_spark_answers_as_specified(spark: Engine, case: Case) -> None:
    assert case.answered(spark) == case.wanted()


@pytest.mark.parametrize("operation", GENERATED)
def test_the_three_engines_agree_on_generated_tables(spark: Engine, tmp_path: Path, operation: str) -> None:
    with duck(tmp_path) as duckdb_engine:
        for asked in drawn(GENERATED[operation], 8):
            expected = in_order(asked.of(Reference()))
            assert in_order(asked.of(duckdb_engine)) == expected
            assert in_order(asked.of(spark)) == expected


@pytest.mark.parametrize("check", sorted(set(CHECKS) - {"V11", "V12", "V16"}))
def test_the_three_engines_agree_on_dirty_rows(spark: Engine, tmp_path: Path, check: str) -> None:
    question = Validation(only("penalty", check), CONTEXT)
    (schema,) = question.tables.values()
    dirty = drawn(rows("penalty", check, PENALTY, PERSON), 100)
    given = [dict.fromkeys(schema.names) | row | {"row_no": number} for number, row in enumerate(dirty)]
    with duck(tmp_path) as duckdb_engine:
        answers = [_answer(engine, question, given) for engine in (Reference(), duckdb_engine, spark)]
    assert answers[0]
    assert answers[1] == answers[0]
    assert answers[2] == answers[0]


def test_files_of_the_ledger_are_read_alike(spark: Engine, tmp_path: Path) -> None:
    files = _ledger_files(tmp_path)
    question = ArchiveStatistics()
    with duck(tmp_path) as duckdb_engine:
        answers = []
        for engine in (Reference(), duckdb_engine, spark):
            engine.read("statements", question.tables["statements"], files)
            engine.put("aliases", question.tables["aliases"], [{"alias": 9, "subject_no": 7}])
            answers.append(in_order(engine.answer(question)))
    assert answers[0] == [
        {"subject_no": 7, "type": "licence", "rows": 1, "first_day": None, "last_day": None},
        {
            "subject_no": 7, "type": "penalty", "rows": 2,
            "first_day": date(2026, 1, 5), "last_day": date(2026, 2, 5),
        },
    ]  # fmt: skip
    assert answers[1] == answers[0]
    assert answers[2] == answers[0]


def test_what_is_saved_has_the_promised_types_whatever_the_engine(spark: Engine, tmp_path: Path) -> None:
    (asked,) = drawn(GENERATED["aggregation"].filter(lambda one: len(one.tables["facts"]) > 5), 1)
    described, saved = [], []
    with duck(tmp_path) as duckdb_engine:
        for engine in (Reference(), duckdb_engine, spark):
            asked.of(engine)
            engine.save(asked.question, tmp_path / engine.name)
            source = f"read_parquet('{tmp_path / engine.name}/*.parquet')"
            described.append(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM {source})").fetchall())
            saved.append(duckdb.sql(f"FROM {source} ORDER BY subject_no").fetchall())
    assert {kind for _, kind in described[0]} == {"BIGINT"}
    assert described[1:] == [described[0]] * 2
    assert saved[1:] == [saved[0]] * 2


def _answer(engine: Engine, question: Validation, given: list[Row]) -> list[Row]:
    ((name, schema),) = question.tables.items()
    engine.put(name, schema, given)
    return in_order(engine.answer(question))


def _ledger_files(folder: Path) -> list[Files]:
    """Two files of penalties, the older without the day's column, and one of licences, as intake writes them."""
    first, second, licences = (folder / f"{name}.parquet" for name in ("1", "2", "3"))
    shared = "1::INTEGER AS batch_no, 'new' AS statement"
    rows = f"SELECT {shared}, 'penalty' AS type, 7::BIGINT AS subject_no, '{identifier(1)}'::UUID AS key_hash"
    duckdb.sql(f"COPY ({rows}, DATE '2026-01-05' AS decided_on) TO '{first}' (FORMAT parquet)")
    rows = f"SELECT {shared}, 'penalty' AS type, 9::BIGINT AS subject_no, '{identifier(2)}'::UUID AS key_hash"
    duckdb.sql(f"COPY ({rows}, DATE '2026-02-05' AS decided_on, 'x' AS more) TO '{second}' (FORMAT parquet)")
    rows = f"SELECT {shared}, 'licence' AS type, 7::BIGINT AS subject_no, '{identifier(1)}'::UUID AS key_hash"
    duckdb.sql(f"COPY ({rows}) TO '{licences}' (FORMAT parquet)")
    return [
        Files((first, second), {"key": "key_hash", "day": "decided_on"}),
        Files((licences,), {"key": "key_hash", "day": None}),
    ]
