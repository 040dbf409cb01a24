"""Short questions to many files: one DuckDB that stays open, so that an answer costs milliseconds."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

_MEMORY = "512MB"


def rows_where(groups: Sequence[Sequence[Path]], column: str, values: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of these Parquet files whose `column` has one of the values, without their empty cells.

    Files may differ in columns, and files of different groups may have columns of one name and different types. Days
    and UUIDs come as text, as in JSON. Row groups are skipped by their statistics, so that of files sorted by the
    column only what is wanted is read.
    """
    groups = [group for group in groups if group]
    if not groups or not values:
        return []
    try:
        # One scan over all files: a scan for each group takes twice as long, nearly all of it planning.
        return _scan([path for group in groups for path in group], column, values)
    except duckdb.ConversionException:
        return [row for group in groups for row in _scan(group, column, values)]


def _scan(files: Sequence[Path], column: str, values: Sequence[int]) -> list[dict[str, Any]]:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    wanted = ", ".join(str(int(value)) for value in values)
    with closing(_standing().cursor()) as cursor:
        cursor.execute(f'SELECT * FROM read_parquet([{listed}], union_by_name = true) WHERE "{column}" IN ({wanted})')
        names = [described[0] for described in cursor.description]
        found = cursor.fetchall()
    return [{name: _plain(cell) for name, cell in zip(names, row, strict=True) if cell is not None} for row in found]


def _plain(cell: Any) -> Any:
    return str(cell) if isinstance(cell, date | UUID) else cell


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
