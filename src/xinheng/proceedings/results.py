"""Reading what the national entrance sent back: one result of a repair per row, as CSV or XLSX."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.masking import mask_text
from xinheng.catalogue.headings import heading_key
from xinheng.intake.reading.formats import detect
from xinheng.intake.reading.limits import Limits
from xinheng.intake.reading.text import utf8_copy
from xinheng.intake.reading.workbook import open_sheet, sheet_headers, sheet_rows

HEADINGS = {
    "number": ("案号", "本地案号"),
    "upper_no": ("全国入口的受理编号", "受理编号", "申请编号"),
    "result": ("结果", "处理结果", "审核结果"),
    "act_no": ("文书号", "认定部门的文书号", "决定文书号"),
    "act_on": ("日期", "作出日期", "认定部门作出的日期"),
    "reason": ("理由", "原因", "说明"),
}
EVENTS = {
    "受理": "record_acceptance",
    "已受理": "record_acceptance",
    "不予受理": "record_not_accepted",
    "准予修复": "record_approval",
    "同意修复": "record_approval",
    "不予修复": "record_refusal",
    "不同意修复": "record_refusal",
}
MOST_ROWS = 10_000


@dataclass(frozen=True)
class ResultRow:
    """One row as it was sent; `row` counts the header as row 1."""

    row: int
    number: str
    upper_no: str
    result: str
    act_no: str
    act_on: str
    reason: str

    @property
    def event(self) -> str:
        """The step of the repair table that records it; empty for a word that is none of ours."""
        return EVENTS.get(self.result, "")

    @property
    def stated(self) -> dict[str, str]:
        return {"act_no": self.act_no, "act_on": self.act_on, "reason": self.reason}


def read_results(path: Path, *, home: Home) -> list[ResultRow]:
    """The rows of a file of results; Refused with one sentence when it is none."""
    limits = Limits.from_environment()
    limits.check_size(path.stat().st_size)
    form = detect(path)
    if form == "xlsx":
        sheet = open_sheet(path, limits)
        headers = sheet_headers(sheet, limits)
        lines = ([cell or "" for cell in cells] for cells, _ in sheet_rows(sheet, len(headers)))
        return list(_rows(headers, lines))
    if form != "csv":
        raise Refused("结果文件应是 CSV 或者 XLSX 文件。", "请另存为其中一种后再导入。")
    with home.workplace("results") as folder:
        clear, shape = utf8_copy(path, folder)
        with clear.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=shape.delimiter)
            next(reader, None)
            return list(_rows(shape.headers, reader))


def _rows(headers: tuple[str, ...], lines: Iterator[Sequence[str]] | Iterator[list[str]]) -> Iterator[ResultRow]:
    places = _places(headers)
    for row, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if row > MOST_ROWS:
            raise Refused(f"结果文件超过 {MOST_ROWS:,} 行。", "请分成几个文件导入。")
        found = {
            name: cells[place].strip() if place is not None and place < len(cells) else ""
            for name, place in places.items()
        }
        found["act_on"] = _day(found["act_on"])
        found["reason"] = mask_text(found["reason"])
        yield ResultRow(row=row, **found)


def _places(headers: tuple[str, ...]) -> dict[str, int | None]:
    keys = [heading_key(header) for header in headers]
    places: dict[str, int | None] = {}
    for name, known in HEADINGS.items():
        wanted = {heading_key(heading) for heading in known}
        places[name] = next((place for place, key in enumerate(keys) if key in wanted), None)
    if places["result"] is None or (places["number"] is None and places["upper_no"] is None):
        raise Refused("结果文件里没有“结果”列，或者既没有“案号”也没有“受理编号”列。", "请核对第一行的列名。")
    return places


def _day(text: str) -> str:
    """A day written with slashes, points or in Chinese, as 2026-09-03; other texts as they are."""
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    parts = plain.split(" ")[0].split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        try:
            return date(*(int(part) for part in parts)).isoformat()
        except ValueError:
            return text
    return text
