"""Short questions to many files: one DuckDB that stays open, so that an answer costs milliseconds."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

_MEMORY = "512MB"


def rows_where(files: Mapping[str, Sequence[Path]], column: str, values: Sequence[int]) -> list[tuple[str, str]]:
    """The rows of these Parquet files whose `column` has one of the values, each as its group's name and JSON.

    Files of one group may differ in columns; what a file lacks is null. Row groups are skipped by their statistics,
    so files sorted by the column are read only where the rows are.
    """
    wanted = ", ".join(str(int(value)) for value in values)
    parts = [
        f"SELECT '{name}', CAST(to_json(t) AS VARCHAR) FROM read_parquet([{_listed(paths)}], union_by_name = true) t "
        f'WHERE "{column}" IN ({wanted})'
        for name, paths in files.items()
        if paths
    ]
    if not parts or not wanted:
        return []
    with closing(_standing().cursor()) as cursor:
        found: list[tuple[Any, ...]] = cursor.execute(" UNION ALL ".join(parts)).fetchall()
    return [(str(name), str(row)) for name, row in found]


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)


@cache
def _standing() -> duckdb.DuckDBPyConnection:
    # Opening one costs more than an answer. What it keeps of a file is right for ever: files are never changed.
    engine = duckdb.connect()
    for setting in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_progress_bar = false",
        f"memory_limit = '{_MEMORY}'",
        "timezone = 'Asia/Shanghai'",
        "parquet_metadata_cache = true",
    ):
        engine.execute(f"SET {setting}")
    return engine
