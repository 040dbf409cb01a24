"""Reading what the upper platform sent back: a document number and a reason per row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.masking import mask_text
from xinheng.catalogue.checks.plain import normalised_decision_no
from xinheng.catalogue.headings import heading_key
from xinheng.intake.reading.formats import detect
from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.text import utf8_copy

NUMBER_HEADINGS = (
    "文书号", "决定书文号", "决定文书号", "行政许可决定文书号", "行政处罚决定书文号", "XK_WSH", "CF_WSH", "WSH",
)  # fmt: skip
REASON_HEADINGS = ("退回原因", "错误原因", "校验结果", "不合规原因", "原因", "错误信息", "ERROR", "REASON")
LONGEST_REASON = 280
MOST_ROWS = 100_000


@dataclass(frozen=True)
class ReturnedRow:
    """One row: `row` counts the header as row 1; the reason is masked."""

    row: int
    decision_no: str
    reason: str


def read_returned(path: Path, *, home: Home) -> list[ReturnedRow]:
    """The rows of a returned file; Refused with one sentence when it is none."""
    limits = Limits.from_environment()
    limits.check_size(path.stat().st_size)
    if detect(path) != "csv":
        raise Refused("退回文件应是 CSV 文件。", "请在上级平台选择导出 CSV，或另存为 CSV 后再导入。")
    with home.workplace("returned") as folder:
        clear, shape = utf8_copy(path, folder)
        number = _column(shape.headers, NUMBER_HEADINGS, "文书号")
        reason = _column(shape.headers, REASON_HEADINGS, "退回原因")
        return list(_rows(clear, shape.delimiter, number, reason))


def _rows(path: Path, delimiter: str, number: int, reason: int) -> Iterator[ReturnedRow]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if row == 1 or not any(cell.strip() for cell in cells):
                continue
            if row > MOST_ROWS:
                raise Refused(f"退回文件超过 {MOST_ROWS:,} 行。", "请分成几个文件导入。")
            stated = normalised_decision_no(cells[number]) if number < len(cells) else None
            why = cells[reason].strip() if reason < len(cells) else ""
            yield ReturnedRow(row, stated or "", mask_text(why or "没有写明原因")[:LONGEST_REASON])


def _column(headers: tuple[str, ...], known: tuple[str, ...], called: str) -> int:
    keys = {heading_key(heading) for heading in known}
    for position, header in enumerate(headers):
        if heading_key(header) in keys:
            return position
    raise Refused(f"退回文件里没有“{called}”这一列。", f"认得的列名有：{'、'.join(known)}。")
