"""Rows of one value out of many files that need not agree about their columns."""

from pathlib import Path

import duckdb

from xinheng.engines.point import rows_where


def write(path: Path, select: str) -> Path:
    duckdb.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def test_rows_come_with_the_columns_their_file_has(tmp_path):
    first = write(tmp_path / "a.parquet", "SELECT 1 AS s, 'x' AS a, NULL::INT AS n UNION ALL SELECT 2, 'y', 3")
    second = write(tmp_path / "b.parquet", "SELECT 1 AS s, DATE '2026-11-22' AS d")
    assert rows_where([[first], [second]], "s", [1]) == [{"s": 1, "a": "x"}, {"s": 1, "d": "2026-11-22"}]


def test_one_name_may_mean_a_day_in_one_type_and_a_number_in_another(tmp_path):
    day = write(tmp_path / "a.parquet", "SELECT 1 AS s, DATE '2026-11-22' AS v")
    number = write(tmp_path / "b.parquet", "SELECT 1 AS s, 5::BIGINT AS v")
    assert [row["v"] for row in rows_where([[day], [number]], "s", [1])] == ["2026-11-22", 5]


def test_several_values_and_none(tmp_path):
    path = write(tmp_path / "a.parquet", "SELECT unnest([1, 2, 3]) AS s")
    assert sorted(row["s"] for row in rows_where([[path]], "s", [1, 3])) == [1, 3]
    assert rows_where([[path]], "s", []) == []
    assert rows_where([], "s", [1]) == []
