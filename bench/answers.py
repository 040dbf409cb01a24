"""Answers of several engines to one question: where they lie, and whether they are the same row for row."""

import re
from pathlib import Path

import duckdb


def place(folder: Path, *named: str) -> Path:
    """The folder of an answer; names of masters hold signs that mean something in a pattern of file names."""
    return folder / re.sub(r"\W+", "-", "-".join(named)).strip("-")


AS_TEXTS = "COLUMNS(*)::VARCHAR"


def differing(ours: Path, theirs: Path, columns: str = AS_TEXTS) -> int:
    """Rows of two folders of Parquet files that stand in one and not in the other; `columns` is SQL."""
    left, right = (f"SELECT {columns} FROM read_parquet('{path}/*.parquet')" for path in (ours, theirs))
    different = f"(({left}) EXCEPT ALL ({right})) UNION ALL (({right}) EXCEPT ALL ({left}))"
    with duckdb.connect() as connection:
        connection.execute(f"SELECT count(*) FROM ({different})")
        (count,) = connection.fetchall()[0]
    return int(count)
