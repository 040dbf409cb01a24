"""The correction file: the refused rows of a batch as a workbook, each error beside its cell.

Personal cells stand in it as sealed tokens that only we can open again; left as they are, they are put back
when the file returns.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter
from django.conf import settings
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xinheng.base.errors import NotFound
from xinheng.base.masking import find_personal_numbers
from xinheng.base.scope import Scope
from xinheng.catalogue.checks.facts import INDIVIDUAL_BUSINESS, ORGANISATION
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.intake.headings import PROBLEMS, SOURCE_ROW
from xinheng.intake.queries import Finding, findings
from xinheng.intake.sealing import REJECTED_ROWS
from xinheng.ledger.models import Batch
from xinheng.ledger.queries import batch, files
from xinheng.vault.sealing import open_file
from xinheng.vault.tokens import CellSealer, cell_sealer

_MOST_ROWS = 1_000_000
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\ufeff]")
_RED, _NAVY = "#FBE3E4", "#1F4E79"

Problems = dict[int, dict[str, list[Finding]]]


def write_correction_file(scope: Scope, batch_no: int, *, target: Path, tmp: Path) -> int:
    """Write the workbook for a batch to `target`; returns how many rows it holds.

    `tmp` is a folder for clear text, emptied again. NotFound when nothing was refused.
    """
    summary = batch(scope, batch_no)
    contract = load_contracts(settings.PACK)[summary.type]
    sealed = [file.path for file in files(scope, batch_no, home=settings.HOME) if file.path.name == REJECTED_ROWS]
    key_id = Batch.objects.get(number=batch_no).seal_key
    if not sealed or key_id is None:
        raise NotFound("这一批没有需要改正的行。")
    sealer = cell_sealer(key_id=key_id, department_id=summary.department_id, batch_no=batch_no)
    problems = _by_row(scope, batch_no)
    clear = tmp / f"rejected-{batch_no}.parquet"
    open_file(sealed[0], clear, key_id)
    try:
        return _write(target, contract, _rows(clear), problems, sealer)
    finally:
        clear.unlink()


def _by_row(scope: Scope, batch_no: int) -> Problems:
    found: Problems = defaultdict(lambda: defaultdict(list))
    for finding in findings(scope, batch_no):
        found[finding.row][finding.column].append(finding)
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for slice_ in pq.ParquetFile(path).iter_batches(batch_size=5_000):
        yield from slice_.to_pylist()


def _write(
    target: Path, contract: Contract, rows: Iterator[dict[str, Any]], problems: Problems, sealer: CellSealer
) -> int:
    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target), options) as workbook:
        sheet = workbook.add_worksheet("需改正的行")
        text = workbook.add_format({"num_format": "@", "valign": "top"})
        wrong = workbook.add_format({"num_format": "@", "valign": "top", "bg_color": _RED})
        words = workbook.add_format({"text_wrap": True, "valign": "top", "font_color": "#A4161A"})
        head = workbook.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": _NAVY, "text_wrap": True})
        _write_head(sheet, contract, head)
        for count, row in enumerate(rows, start=1):
            _write_row(sheet, count, contract, row, problems[row["row_no"]], sealer, (text, wrong, words))
            if count == _MOST_ROWS:
                break
    return count


def _write_head(sheet: Worksheet, contract: Contract, head: Format) -> None:
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, len(contract.fields) + 1, 18)
    for column, label in enumerate([SOURCE_ROW, PROBLEMS, *(field.label for field in contract.fields)]):
        sheet.write_string(0, column, label, head)
    sheet.freeze_panes(1, 2)


def _write_row(
    sheet: Worksheet, line: int, contract: Contract, row: dict[str, Any], problems: dict[str, list[Finding]],
    sealer: CellSealer, formats: tuple[Format, Format, Format],
) -> None:  # fmt: skip
    text, wrong, words = formats
    sheet.write_number(line, 0, row["row_no"])
    told = [f"{finding.message}{finding.advice}" for found in problems.values() for finding in found]
    if row.get("broken"):
        told.append(_content_of_broken(contract, row))
    sheet.write_string(line, 1, "\n".join(dict.fromkeys(told)), words)
    names = _names_of_persons(contract, row)
    for column, field in enumerate(contract.fields, start=2):
        cell = row[field.name]
        found = problems.get(field.name, [])
        if cell is None or (row.get("broken") and _may_name_persons(contract)):
            cell = ""
        elif field.personal or _personal(cell) or any(name in _UNPRINTABLE.sub("", cell) for name in names):
            # A personal cell that is itself wrong has to be typed anew; a right one travels sealed.
            cell = "" if found else sealer.seal(cell, field.name)
        sheet.write_string(line, column, cell, wrong if found else text)


def _personal(cell: str | None) -> bool:
    return bool(cell) and bool(find_personal_numbers(cell or ""))


def _content_of_broken(contract: Contract, row: dict[str, Any]) -> str:
    """The cells of a row whose columns are shifted; not told where any of them may be somebody's name."""
    if _may_name_persons(contract):
        return f"请对照原文件第 {row['row_no']} 行重新填写。"
    return "原内容：" + "，".join(cell or "" for cell in json.loads(row["as_sent"]) if not _personal(cell))


def _may_name_persons(contract: Contract) -> bool:
    return bool(contract.personal_names or contract.roles.person_id)


def _names_of_persons(contract: Contract, row: dict[str, Any]) -> set[str]:
    """What a cell may not show: the personal cells of the row, and the subject's name unless an organisation's."""
    named = [row[name] for name in contract.personal_names]
    if contract.roles.subject_name and not _speaks_of_organisation(contract, row):
        named.append(row[contract.roles.subject_name])
    names = (_UNPRINTABLE.sub("", text).strip() for text in named if text)
    return {name for name in names if len(name) > 1}


def _speaks_of_organisation(contract: Contract, row: dict[str, Any]) -> bool:
    category, number = contract.roles.subject_category, contract.roles.person_id
    if not category and number:
        return not (row[number] or "").strip()
    if not category or ORGANISATION not in contract.field(category).values:
        return True
    return (row[category] or "").strip() in (ORGANISATION, INDIVIDUAL_BUSINESS)
