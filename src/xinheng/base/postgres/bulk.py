"""Whole tables in and out of PostgreSQL as CSV, the only way that is fast enough for a million rows.

DuckDB writes and reads the same dialect: no header, `\\N` for NULL.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import sql

NULL = "\\N"
_OPTIONS = sql.SQL("(FORMAT csv, NULL '\\N')")
_CHUNK = 1024 * 1024


def copy_in(cursor: Any, table: str, columns: Sequence[str], path: Path) -> None:
    """Append the rows of a CSV file to a table, inside the caller's transaction."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN {}").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)), _OPTIONS
    )
    with path.open("rb") as file, cursor.copy(statement) as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Append rows made in Python to a table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def text_array(texts: Iterable[str]) -> str:
    """A `text[]` as PostgreSQL writes it; psycopg takes five times as long over a list of short words."""
    return "{" + ",".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts) + "}"


def copy_out(cursor: Any, query: str, path: Path) -> None:
    """Write the rows of a query, which takes no parameters, to a CSV file."""
    statement = sql.SQL("COPY ({}) TO STDOUT {}").format(sql.SQL(query), _OPTIONS)
    with path.open("wb") as file, cursor.copy(statement) as copy:
        for chunk in copy:
            file.write(chunk)


@contextmanager
def temporary_table(cursor: Any, definition: str) -> Iterator[str]:
    """A temporary table with the given column definitions, for one step of a transaction."""
    name = f"step_{uuid.uuid4().hex}"
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({definition})")
    yield name
    cursor.execute(f"DROP TABLE {name}")


def give_room(cursor: Any) -> None:
    """Let each step of a statement take 128 MB for the rest of this transaction, so that sets stay in memory.

    With the server's 4 MB, joining half a million rows goes through temporary files many times.
    """
    cursor.execute("SELECT set_config('work_mem', '128MB', true)")


@contextmanager
def joined_by_sets(cursor: Any, *, many: bool = True) -> Iterator[None]:
    """Inside, statements of this transaction join by hashing or sorting, where `many` rows are concerned.

    Of what a transaction itself has written the planner knows nothing: it would walk all pairs of rows.
    """
    cursor.execute("SELECT set_config('enable_nestloop', %s, true)", ["off" if many else "on"])
    yield
    cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")
