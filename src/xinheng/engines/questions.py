"""What is asked of tables, and of whom: a question is written once as an expression and once in plain Python.

An engine knows tables by name and answers questions about them. The engines are DuckDB (`duck`), Apache Spark
(`spark`) and plain Python (`reference`), which is slow and says what is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir

Row = dict[str, Any]
"""One row: integers, texts, days, booleans, lists of them, or None. Never a float."""
Tables = Mapping[str, Sequence[Row]]
SMALLEST, LARGEST = -(2**63), 2**63 - 1


class Question(Protocol):
    """Something asked of named tables. Equal questions have equal hashes, so that an engine may keep what it made."""

    def __hash__(self) -> int: ...

    @property
    def tables(self) -> Mapping[str, ibis.Schema]:
        """The tables it reads, with the columns it needs of each."""
        ...

    def expression(self) -> ir.Table:
        """The answer as an expression over tables of these names."""
        ...

    def plain(self, tables: Tables) -> list[Row]:
        """The answer in plain Python: same columns, same rows, in any order."""
        ...


@dataclass(frozen=True)
class Files:
    """Parquet files about one thing; what one of them lacks and another has is empty.

    `columns` says which of their columns stands for one of the table where the names differ, and None where they have
    none.
    """

    paths: tuple[str | Path, ...]
    columns: Mapping[str, str | None] = field(default_factory=dict)


class Engine(Protocol):
    """Answers questions about tables. It is open for one piece of work and keeps nothing."""

    name: str

    def read(self, table: str, schema: ibis.Schema, files: Sequence[Files]) -> None:
        """Parquet files as one table with these columns, each cast to its type."""
        ...

    def put(self, table: str, schema: ibis.Schema, rows: Sequence[Row]) -> None:
        """A small table out of rows."""
        ...

    def answer(self, question: Question) -> list[Row]:
        """The rows of the answer, in any order."""
        ...

    def save(self, question: Question, folder: Path) -> None:
        """Write the answer as Parquet files into a folder that does not exist yet."""
        ...


def whole(value: int) -> int:
    """The number, if the engines can hold it; they fail beyond 64 bits, and so does the reference."""
    if not SMALLEST <= value <= LARGEST:
        raise OverflowError(f"{value} does not fit into 64 bits")
    return value
