"""Reads the county's files back in plain Python, so that tests compare with something that shares no code."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

from xinheng.catalogue.contract import Contract
from xinheng.catalogue.headers import match_headers

GB18030 = "gb18030"


def rows_of(path: Path, contract: Contract) -> list[dict[str, str]]:
    """The file's rows by field name; row 2 of the file is the first."""
    headers, cells = _table(path)
    matched = match_headers(headers, contract)
    assert not matched.missing_required, (path.name, matched.missing_required)
    assert not matched.unknown, (path.name, matched.unknown)
    assert not matched.ambiguous, (path.name, matched.ambiguous)
    names = [matched.mapping[header] for header in headers]
    return [dict(zip(names, row, strict=True)) for row in cells]


def answers_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The answer sheet by file name."""
    sheet = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return {account["path"]: account for account in sheet["files"]}


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    if path.suffix == ".xlsx":
        return _spreadsheet(path)
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return table.column_names, [
            ["" if cell is None else str(cell) for cell in row.values()] for row in table.to_pylist()
        ]
    if path.suffix == ".jsonl":
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        headers = list(dict.fromkeys(header for line in lines for header in line))
        return headers, [[line.get(header, "") for header in headers] for line in lines]
    raw = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            raw = archive.read(archive.namelist()[0])
    return _csv(raw)


def _csv(raw: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode(GB18030)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return table[0], table[1:]


def _spreadsheet(path: Path) -> tuple[list[str], list[list[str]]]:
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return rows[0], [row + [""] * (len(rows[0]) - len(row)) for row in rows[1:]]
