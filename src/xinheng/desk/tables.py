"""A list as it stands on a page and as it is exported: the same columns, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from urllib.parse import quote

import xlsxwriter
from django.db import transaction
from django.http import HttpResponse

from xinheng.audit.actions import record
from xinheng.base import clock
from xinheng.desk.access import Visit
from xinheng.people.permissions import Act

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTED = 10_000
"""Rows of one export; a longer list is narrowed by its filters first."""
CUT_SHORT = f"一次最多导出 {EXPORTED:,} 行，这里已满。如果后面还有，请用筛选缩小范围，再分次导出。"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """One value: where it leads, what label it wears, what stands small below it."""

    text: str
    url: str = ""
    status: str = ""
    note: str = ""
    number: bool = False
    unbroken: bool = False


@dataclass(frozen=True)
class Table:
    """Headings and rows; `title` is the caption and the sheet's name."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def numbered(self) -> tuple[tuple[str, bool], ...]:
        """Each heading, and whether its column holds numbers."""
        first = self.rows[0] if self.rows else ()
        return tuple((heading, bool(first) and first[place].number) for place, heading in enumerate(self.headings))

    @property
    def labelled(self) -> tuple[tuple[tuple[str, Cell], ...], ...]:
        """Each row with the heading beside each cell, for narrow screens."""
        return tuple(tuple(zip(self.headings, row, strict=True)) for row in self.rows)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    return Table(title, tuple(headings), tuple(tuple(row) for row in rows))


def number(value: int, *, url: str = "") -> Cell:
    return Cell(f"{value:,}", url=url, number=True)


def day(value: date | datetime | None) -> Cell:
    """A day as documents write it; a moment is first brought to Shanghai."""
    if value is None:
        return Cell("—", unbroken=True)
    return Cell(clock.format_date(clock.today(value) if isinstance(value, datetime) else value), unbroken=True)


def moment(value: datetime | None) -> Cell:
    if value is None:
        return Cell("—", unbroken=True)
    local = value.astimezone(clock.SHANGHAI)
    return Cell(f"{clock.format_date(local.date())} {local:%H:%M}", unbroken=True)


def export(visit: Visit, shown: Table, *, allowed: Act = Act.EXPORT_LISTS) -> HttpResponse:
    """The list as an Excel file, for whoever may `allowed`; who took it along is logged."""
    visit.require(allowed)
    with transaction.atomic():
        record(
            act="list.export",
            by=visit.actor,
            now=visit.now,
            region_id=visit.user.region_id,
            object_type="list",
            object_id=shown.title[:100],
            detail={"rows": len(shown.rows)},
        )
    return download(workbook(shown), f"{shown.title} {clock.format_date(visit.today)}.xlsx", XLSX)


def workbook(shown: Table) -> bytes:
    """Every cell a text, and none that a spreadsheet program could take for a formula."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(shown.title[:31])
        bold = book.add_format({"bold": True, "bg_color": "#EEF3F8", "border": 1})
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for column, heading in enumerate(shown.headings):
            sheet.write_string(0, column, heading, bold)
        for line, cells in enumerate(shown.rows, start=1):
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, safe(f"{cell.text}（{cell.note}）" if cell.note else cell.text), plain)
        if len(shown.rows) >= EXPORTED:
            sheet.write_string(len(shown.rows) + 1, 0, CUT_SHORT, bold)
        sheet.set_column(0, len(shown.headings) - 1, 22)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(shown.rows), len(shown.headings) - 1)
    return buffer.getvalue()


def safe(text: str) -> str:
    """The text with a quote in front where a spreadsheet program would read a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def download(content: bytes | str, name: str, kind: str) -> HttpResponse:
    """A file for saving, with its Chinese name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
