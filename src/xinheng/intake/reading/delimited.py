"""Delimited text: DuckDB's parallel reader for sound files, a patient one for files with broken lines."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb

from xinheng.base.errors import Refused
from xinheng.engines.duck import Duck
from xinheng.intake.reading.landed import BROKEN, REST, write_rows
from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.text import TextShape


def land_delimited(source: Path, shape: TextShape, target: Path, engine: Duck, limits: Limits) -> int:
    """Land a UTF-8 text file; returns the number of rows, broken ones included."""
    if shape.plain:
        try:
            return _land_fast(source, shape, target, engine, limits)
        except duckdb.InvalidInputException:
            target.unlink(missing_ok=True)  # some line has a different number of cells; read it line by line
    csv.field_size_limit(limits.row_length)
    try:
        return write_rows(_patient_rows(source, shape), len(shape.headers), target, limits)
    except csv.Error as error:
        raise limits.too_long_row() from error


def _land_fast(source: Path, shape: TextShape, target: Path, engine: Duck, limits: Limits) -> int:
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(shape.headers)))
    quoted = str(source).replace("'", "''")
    delimiter = shape.delimiter.replace("\t", "\\t")
    return engine.write(
        f"SELECT *, NULL::VARCHAR AS {BROKEN}, NULL::VARCHAR AS {REST} FROM read_csv('{quoted}', "
        f"auto_detect = false, header = true, delim = '{delimiter}', quote = '\"', escape = '\"', "
        f"strict_mode = true, null_padding = false, max_line_size = {limits.row_length}, "
        f"columns = {{{columns}}})",
        target,
    )


def _patient_rows(source: Path, shape: TextShape) -> Iterator[tuple[list[str | None], str | None]]:
    width = len(shape.headers)
    with source.open("r", encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=shape.delimiter)
        if next(reader, None) is None:
            raise Refused("文件里没有内容。", "第一行应是列名，从第二行起每行一条记录。")
        for cells in reader:
            if not cells:
                yield [None] * width, None
            elif len(cells) == width:
                yield list(cells), None
            else:
                yield list(cells), "too_many" if len(cells) > width else "too_few"
