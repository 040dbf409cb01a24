"""Writes rows as departments do: CSV in several dialects, spreadsheets, JSON lines, Parquet, zip. Nothing is kept in
memory but a block of rows, and the same rows give the same bytes."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from xinheng.catalogue.contract import Contract, Field
from xinheng.demo.days import written
from xinheng.demo.decisions import Row

SUFFIXES = {"xlsx": ".xlsx", "jsonl": ".jsonl", "parquet": ".parquet", "zip": ".zip"}
ENCODINGS = {"csv-bom": "utf-8-sig", "gb18030": "gb18030"}
DELIMITERS = {"semicolon": ";", "tab": "\t"}
BLOCK = 20_000
A_DAY = (2026, 1, 1, 0, 0, 0)
"""Stands in zip entries and spreadsheet properties, so that no clock enters the bytes."""
Put = Callable[[Row], None]


@dataclass(frozen=True)
class Style:
    """How one department writes one file."""

    container: str
    """csv, csv-bom, gb18030, semicolon, tab, xlsx, jsonl, parquet or zip."""
    headers: str
    """label, code, name, alias or starred."""
    dates: str
    """slash, iso, chinese, compact or time."""

    @property
    def suffix(self) -> str:
        return SUFFIXES.get(self.container, ".csv")


@contextmanager
def opened(path: Path, *, contract: Contract, names: tuple[str, ...], style: Style) -> Iterator[Put]:
    """A function that appends one row to the file; the file is complete when the block is left."""
    headers = [_header(contract.field(name), style.headers) for name in names]
    places = tuple(place for place, name in enumerate(names) if contract.field(name).type == "date")
    if style.container == "xlsx":
        with _spreadsheet(path, headers, names) as put:
            yield put
    elif style.container == "jsonl":
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield _json_lines(file, headers, names, style.dates)
    elif style.container == "parquet":
        with _parquet(path, headers, [contract.field(name) for name in names]) as put:
            yield put
    elif style.container == "zip":
        with (
            zipfile.ZipFile(path, "w") as archive,
            archive.open(_entry(path.with_suffix(".csv").name), "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, encoding="utf-8", newline="") as file,
        ):
            yield _csv(file, headers, names, places, style)
    else:
        encoding = ENCODINGS.get(style.container, "utf-8")
        with path.open("w", encoding=encoding, newline="") as file:
            yield _csv(file, headers, names, places, style)


def _header(field: Field, style: str) -> str:
    if style == "code":
        return field.code or field.label
    if style == "name":
        return field.name
    if style == "alias":
        return field.aliases[0] if field.aliases else field.label
    if style == "starred":
        return f"*{field.label}" if field.required == "always" else field.label
    return field.label


def _csv(file: TextIO, headers: list[str], names: tuple[str, ...], places: tuple[int, ...], style: Style) -> Put:
    delimiter = DELIMITERS.get(style.container, ",")
    ends = "\r\n" if style.container in {"csv-bom", "gb18030"} else "\n"
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ends)
    writer.writerow(headers)
    write, dates = writer.writerow, style.dates

    def put(row: Row) -> None:
        # Absent columns come as None, which the writer leaves empty.
        cells: list[str | date | None] = list(map(row.get, names))
        for place in places:
            cell = cells[place]
            if isinstance(cell, date):
                cells[place] = written(cell, dates)
        write(cells)

    return put


def _json_lines(file: TextIO, headers: list[str], names: tuple[str, ...], dates: str) -> Put:
    def put(row: Row) -> None:
        cells = zip(headers, (row.get(name, "") for name in names), strict=True)
        texts = {header: value if isinstance(value, str) else written(value, dates) for header, value in cells if value}
        file.write(json.dumps(texts, ensure_ascii=False) + "\n")

    return put


@contextmanager
def _spreadsheet(path: Path, headers: list[str], names: tuple[str, ...]) -> Iterator[Put]:
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy/m/d"}) as workbook:
        workbook.set_properties({"created": datetime(*A_DAY)})  # noqa: DTZ001 - a fixed mark, no moment
        sheet = workbook.add_worksheet("数据")
        sheet.write_row(0, 0, headers)
        line = 0

        def put(row: Row) -> None:
            nonlocal line
            line += 1
            for column, name in enumerate(names):
                value = row.get(name, "")
                if isinstance(value, date):
                    sheet.write_datetime(line, column, datetime(value.year, value.month, value.day))  # noqa: DTZ001
                elif value:
                    sheet.write_string(line, column, value)

        yield put


@contextmanager
def _parquet(path: Path, headers: list[str], fields: list[Field]) -> Iterator[Put]:
    # Every column is text: a fault may put words into a date or an amount, as a hasty export does.
    schema = pa.schema([(header, pa.string()) for header in headers])
    block: list[Row] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def flush() -> None:
            columns = [pa.array([_cell(row.get(field.name, "")) for row in block], pa.string()) for field in fields]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            block.clear()

        def put(row: Row) -> None:
            block.append(row)
            if len(block) >= BLOCK:
                flush()

        yield put
        flush()


def _cell(value: str | date) -> str | None:
    return (value if isinstance(value, str) else value.isoformat()) or None


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, A_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
