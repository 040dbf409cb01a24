"""DuckDB as the default engine: an in-memory database per piece of work, over files given to it.

No extension is ever fetched, nothing is kept between two pieces of work, and what does not fit into memory
goes to a temporary folder of the home.
"""

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from ibis.backends.sql.datatypes import DuckDBType

from xinheng.engines.arrow import arrow_table
from xinheng.engines.compiling import typed_duckdb_sql
from xinheng.engines.questions import Files, Question, Row

DEFAULT_MEMORY = "3GB"


class Duck:
    """One in-memory DuckDB; `raw` is the plain connection, which also runs what `compiling` made of expressions."""

    name = "duckdb"

    def __init__(self, folder: Path, *, memory: str, threads: int | None) -> None:
        self.folder = folder
        self.raw = duckdb.connect()
        settings = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_progress_bar": "false",
            "memory_limit": f"'{memory}'",
            "temp_directory": f"'{folder}'",
            "timezone": "'Asia/Shanghai'",
            "preserve_insertion_order": "true",
        }
        if threads:
            settings["threads"] = str(threads)
        for name, value in settings.items():
            self.raw.execute(f"SET {name} = {value}")

    def numbered(self, name: str, path: Path, *, first: int) -> None:
        """A Parquet file as a view with `row_no`: its rows in file order, counted from `first`."""
        self.raw.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT file_row_number + {first} AS row_no, "
            f"* EXCLUDE (file_row_number) FROM read_parquet('{_quoted(path)}', file_row_number = true)"
        )

    def write(self, select: str, path: Path, *, row_group: int = 100_000) -> int:
        """Write the rows of a SELECT to one Parquet file in their order; returns how many there were."""
        path.parent.mkdir(parents=True, exist_ok=True)
        (count,) = self.raw.execute(
            f"COPY ({select}) TO '{_quoted(path)}' "
            f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {row_group})"
        ).fetchone() or (0,)
        return int(count)

    def one(self, statement: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
        """The first row of a query that always has one."""
        row = self.raw.execute(statement, list(parameters)).fetchone()
        if row is None:
            raise LookupError(statement)
        return tuple(row)

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.raw.execute(statement, list(parameters)).fetchall()]

    def add(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Append rows made in Python to a table; as one Arrow table, since DuckDB takes single rows slowly."""
        if not rows:
            return
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        self.raw.register(
            "added", pa.Table.from_arrays(columns, names=[f"c{number}" for number in range(len(columns))])
        )
        try:
            self.raw.execute(f"INSERT INTO {table} SELECT * FROM added")
        finally:
            self.raw.unregister("added")

    def read(self, table: str, schema: ibis.Schema, files: Sequence[Files]) -> None:
        """Parquet files as a view with these columns, each cast to its type."""
        selects = [
            f"SELECT {_cast(schema, group)} FROM read_parquet([{_listed(group)}], union_by_name = true)"
            for group in files
        ]
        nothing = ", ".join(f'NULL::{DuckDBType.to_string(kind)} AS "{name}"' for name, kind in schema.items())
        union = " UNION ALL ".join(selects) or f"SELECT {nothing} WHERE false"
        self.raw.execute(f"CREATE OR REPLACE VIEW {table} AS {union}")

    def put(self, table: str, schema: ibis.Schema, rows: Sequence[Row]) -> None:
        """A small table out of rows; identifiers (UUID) are given as texts."""
        self.raw.register("given", arrow_table(schema, rows))
        try:
            self.raw.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {_cast(schema)} FROM given")
        finally:
            self.raw.unregister("given")

    def answer(self, question: Question) -> list[Row]:
        """The rows of the answer, in any order."""
        sql, columns = _compiled(question)
        return [dict(zip(columns, row, strict=True)) for row in self.raw.execute(sql).fetchall()]

    def save(self, question: Question, folder: Path) -> None:
        """Write the answer as one Parquet file into a folder that does not exist yet."""
        folder.mkdir(parents=True)
        self.write(_compiled(question)[0], folder / "part-0.parquet")

    def batches(self, statement: str, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query in slices, for results that may be long."""
        cursor = self.raw.execute(statement)
        while slice_ := cursor.fetchmany(size):
            yield [tuple(row) for row in slice_]


@contextmanager
def duck(tmp: Path, *, memory: str | None = None, threads: int | None = None) -> Iterator[Duck]:
    """An engine with its own spill folder under `tmp`, both gone afterwards.

    The memory limit comes from `memory`, else from `XINHENG_ENGINE_MEMORY` (such as `1GB`), else 3 GB.
    """
    folder = tmp / f"engine-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    engine = Duck(folder, memory=memory or os.environ.get("XINHENG_ENGINE_MEMORY", DEFAULT_MEMORY), threads=threads)
    try:
        yield engine
    finally:
        engine.raw.close()
        shutil.rmtree(folder, ignore_errors=True)


def of_empty_cells(query: str, table: str, columns: Iterable[str]) -> tuple[Any, ...]:
    """The one row of a query over a table of one row whose cells are all empty."""
    empty = ", ".join(f'NULL::VARCHAR AS "{name}"' for name in columns)
    with closing(_scratch().cursor()) as cursor:
        cursor.execute(f"CREATE TEMP TABLE {table} AS SELECT {empty}")
        (row,) = cursor.execute(query).fetchall()
        return tuple(row)


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    # Opening one costs thirty times what asking it does; each question has a cursor and temporary tables of its own.
    return duckdb.connect()


@lru_cache(maxsize=64)
def _compiled(question: Question) -> tuple[str, tuple[str, ...]]:
    """The SQL of a question and the columns of its answer. Writing SQL can take longer than running it."""
    expression = question.expression()
    return typed_duckdb_sql(expression), tuple(expression.columns)


def _cast(schema: ibis.Schema, files: Files | None = None) -> str:
    sources = {name: files.columns.get(name, name) if files else name for name in schema.names}
    quoted = {name: f'"{source}"' if source else "NULL" for name, source in sources.items()}
    return ", ".join(
        f'CAST({quoted[name]} AS {DuckDBType.to_string(kind)}) AS "{name}"' for name, kind in schema.items()
    )


def _listed(files: Files) -> str:
    return ", ".join(f"'{_quoted(path)}'" for path in files.paths)


def _quoted(path: str | Path) -> str:
    return str(path).replace("'", "''")
