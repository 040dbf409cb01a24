"""XLSX: the first sheet with a header, cells as the clerk sees them."""

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from xinheng.base.errors import Refused
from xinheng.intake.reading.limits import MEGABYTE, Limits

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def open_sheet(path: Path, limits: Limits) -> CalamineSheet:
    """The sheet with the records: the first visible one that is not empty."""
    if path.stat().st_size > limits.workbook:
        raise Refused(f"XLSX 文件超过 {limits.workbook // MEGABYTE} MB。", "这么大的数据请用 CSV 报送，速度也快得多。")
    with zipfile.ZipFile(path) as archive:
        limits.check_unpacked(path.stat().st_size, sum(info.file_size for info in archive.infolist()))
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.total_height and sheet.width:  # `total_width` is 0 for a single column
                return sheet
    except (CalamineError, OSError) as error:
        raise Refused("这个 Excel 文件打不开。", "请用 Excel 打开后另存一份再报送；有密码的请先去掉密码。") from error
    raise Refused("这个 Excel 文件里没有内容。", "第一行应是列名，从第二行起每行一条记录。")


def sheet_headers(sheet: CalamineSheet, limits: Limits) -> tuple[str, ...]:
    """The cells of row 1, without empty ones at the end."""
    limits.check_columns(sheet.total_width)
    first = next(iter(sheet.iter_rows()), [])
    headers = [as_text(cell) or "" for cell in first]
    while headers and not headers[-1].strip():
        headers.pop()
    return tuple(header.strip() for header in headers)


def sheet_rows(sheet: CalamineSheet, width: int) -> Iterator[tuple[list[str | None], str | None]]:
    """Rows 2 and on, as texts; cells outside the headed columns make a row broken only when filled."""
    rows = iter(sheet.iter_rows())
    next(rows, None)
    for cells in rows:
        texts = [as_text(cell) for cell in cells]
        while len(texts) > width and texts[-1] is None:
            texts.pop()
        yield texts, "too_many" if len(texts) > width else None


def as_text(cell: Cell) -> str | None:
    """A cell as text: dates as ISO dates, whole numbers without a point, empty as None.

    A long number that Excel took for a quantity loses its last digits there; it is still written as digits, so
    that an identity number among them is recognised as one.
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**20:
        return str(int(cell))
    return str(cell)
