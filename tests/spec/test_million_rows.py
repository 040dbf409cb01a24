"""A million rows give the same twenty-two indicators for every organisation, row for row, on every engine."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
from bench.aggregation import indicators
from bench.facts import AS_AT, aliases, facts
from tests.needs_spark import needs_spark

from xinheng.engines.aggregation import Aggregation
from xinheng.engines.opening import DUCKDB, REFERENCE, SPARK, opened
from xinheng.engines.questions import Files

pytestmark = pytest.mark.slow
ROWS, ORGANISATIONS = 1_000_000, 100_000
QUESTION = Aggregation(indicators(), date.fromisoformat(AS_AT))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("million")
    saved(folder, DUCKDB)
    return folder


def saved(folder: Path, name: str) -> str:
    """The answer of an engine, as what DuckDB reads it from."""
    with opened(name, folder) as engine:
        engine.read("facts", QUESTION.tables["facts"], [Files(facts(folder, rows=ROWS, organisations=ORGANISATIONS))])
        engine.read("aliases", QUESTION.tables["aliases"], [Files((aliases(folder, organisations=ORGANISATIONS),))])
        engine.save(QUESTION, folder / name)
    return f"read_parquet('{folder / name}/*.parquet')"


def differing(folder: Path, theirs: str) -> int:
    ours = f"read_parquet('{folder / DUCKDB}/*.parquet')"
    either = f"(FROM {ours} EXCEPT ALL FROM {theirs}) UNION ALL (FROM {theirs} EXCEPT ALL FROM {ours})"
    ((count,),) = duckdb.sql(f"SELECT count(*) FROM ({either})").fetchall()
    return int(count)


def test_the_answer_is_about_all_organisations(folder: Path) -> None:
    source = f"read_parquet('{folder / DUCKDB}/*.parquet')"
    ((rows, organisations),) = duckdb.sql(f"SELECT count(*), count(DISTINCT subject_no) FROM {source}").fetchall()
    assert rows == organisations
    assert 0.99 * ORGANISATIONS < rows <= ORGANISATIONS


def test_plain_python_gives_the_same(folder: Path) -> None:
    assert differing(folder, saved(folder, REFERENCE)) == 0


@needs_spark
def test_spark_gives_the_same(folder: Path) -> None:
    assert differing(folder, saved(folder, SPARK)) == 0
