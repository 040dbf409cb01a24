"""What the machine can do without us: the yardsticks that the product's speed is a multiple of.

Both measure in the same run and on the same data as the product, so a busy machine slows both sides.
"""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from bench.generate import engine

CHUNK = 1 << 20


def csv_to_parquet(source: Path, target: Path, *, threads: int = 2, memory: str = "2GB") -> float:
    """Seconds DuckDB takes to copy a CSV to Parquet (zstd 1) as text, in any order."""
    connection = engine(threads=threads, memory=memory)
    connection.execute("SET preserve_insertion_order = false")
    started = perf_counter()
    connection.execute(
        f"COPY (SELECT * FROM read_csv('{source}', all_varchar = true, header = true)) "
        f"TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    )
    return perf_counter() - started


def copy_into_twin(
    connection: psycopg.Connection, table: str, folder: Path, *, columns: Sequence[str], where: str = ""
) -> float:
    """Seconds PostgreSQL takes to `COPY` the same columns of the same rows into an indexed twin of a table.

    The twin has the table's types, defaults and indexes and nothing else (no triggers, no foreign keys).
    `where` narrows the rows, for example to one batch; it is written by us, never by a user. The connection
    must be allowed to create tables and not be inside a transaction; the twin is dropped at the end.
    """
    twin = sql.Identifier(f"bare_{table}")
    chosen = sql.SQL(", ").join(map(sql.Identifier, columns))
    condition = sql.SQL("WHERE ") + sql.SQL(where) if where else sql.SQL("")
    rows = sql.SQL("COPY (SELECT {} FROM {} {}) TO STDOUT").format(chosen, sql.Identifier(table), condition)
    dump = folder / f"{table}.copy"
    with connection.cursor() as cursor, dump.open("wb") as file, cursor.copy(rows) as copied:
        for block in copied:
            file.write(block)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(twin))
    connection.execute(
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES)").format(
            twin, sql.Identifier(table)
        )
    )
    connection.commit()
    try:
        return _copy_in(connection, sql.SQL("COPY {} ({}) FROM STDIN").format(twin, chosen), dump)
    finally:
        connection.rollback()
        connection.execute(sql.SQL("DROP TABLE {}").format(twin))
        connection.commit()
        dump.unlink()


def _copy_in(connection: psycopg.Connection, statement: sql.Composed, dump: Path) -> float:
    started = perf_counter()
    with connection.cursor() as cursor, dump.open("rb") as file, cursor.copy(statement) as copy:
        while block := file.read(CHUNK):
            copy.write(block)
    connection.commit()
    return perf_counter() - started
