"""The landed file: every row of the source in order, every cell as text, nothing judged yet."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xinheng.intake.reading.limits import Limits

BROKEN = "broken"
"""Column that says what is wrong with a row's shape (`too_many`, `too_few`, `not_json`); NULL for sound rows."""
REST = "rest"
"""Cells beyond the last column, joined; they belong to no column and are kept sealed."""


@dataclass(frozen=True)
class Landed:
    """Where the rows lie and what the columns were called; column i of the source is `c{i}`.

    Rows are numbered as the sender sees them: in tables the header is row 1 and the first record row 2, in
    JSON lines and Parquet, which have no header row, the first record is row 1.
    """

    path: Path
    headers: tuple[str, ...]
    first_row: int

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"c{index}" for index in range(len(self.headers)))


def schema(width: int) -> pa.Schema:
    """The Arrow schema of a landed file with so many columns."""
    names = [f"c{index}" for index in range(width)]
    return pa.schema([(name, pa.string()) for name in [*names, BROKEN, REST]])


def write_rows(rows: Iterable[tuple[Sequence[str | None], str | None]], width: int, path: Path, limits: Limits) -> int:
    """Write rows that were read one by one, each with what is wrong with its shape; returns how many.

    Rows too short are filled up, surplus cells go to `rest`. Refused when it takes longer than `limits` allow.
    """
    count, started = 0, time.monotonic()
    shape = schema(width)
    with pq.ParquetWriter(path, shape, compression="zstd", compression_level=1) as writer:
        for slice_ in _slices(rows, 20_000):
            columns: list[list[str | None]] = [[] for _ in range(width + 2)]
            for cells, broken in slice_:
                padded = [*cells[:width], *[None] * (width - len(cells))]
                for column, cell in zip(columns, padded, strict=False):
                    column.append(cell or None)
                columns[width].append(broken)
                columns[width + 1].append("\x1f".join(cell or "" for cell in cells[width:]) or None)
            arrays = [pa.array(column, pa.string()) for column in columns]
            writer.write_batch(pa.record_batch(arrays, schema=shape))
            count += len(slice_)
            limits.check_time(time.monotonic() - started)
    return count


def _slices(
    rows: Iterable[tuple[Sequence[str | None], str | None]], size: int
) -> Iterator[list[tuple[Sequence[str | None], str | None]]]:
    iterator = iter(rows)
    while slice_ := list(islice(iterator, size)):
        yield slice_
