"""The catalogue as a workbook: record types, fields, code lists and kinds of information."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter
from xlsxwriter.workbook import Workbook

from xinheng.base.scope import PUBLIC
from xinheng.catalogue import queries
from xinheng.catalogue.queries import CatalogueEntry, FieldLine

TYPES_SHEET, FIELDS_SHEET, LISTS_SHEET, ITEMS_SHEET = "信息目录", "字段", "代码表", "信息分类"
TYPE_HEADINGS = (
    "类型代码",
    "名称",
    "目录序号",
    "目录条目",
    "数据标准",
    "公开方式",
    "公示期",
    "更新周期",
    "时限要求",
    "提供单位",
    "字段数",
    "公示字段数",
    "依据",
    "是否核实",
    "起用日期",
    "说明",
)
FIELD_HEADINGS = (
    "类型代码",
    "序号",
    "字段名",
    "中文名称",
    "交换代码",
    "其他表头",
    "类型",
    "长度",
    "是否必填",
    "取值",
    "说明",
    "是否公示",
    "目录条目",
    "依据",
    "依据是否核实",
)
LIST_HEADINGS = ("代码表", "名称", "取值或写法", "含义", "依据", "是否核实")
ITEM_HEADINGS = ("条目代码", "序号", "名称", "依据", "是否核实")


def catalogue_workbook(pack: str) -> bytes:
    """The whole catalogue of a pack as an XLSX file."""
    entries = queries.catalogue(PUBLIC, pack=pack)
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "公共信用信息目录"})
        _write(workbook, TYPES_SHEET, TYPE_HEADINGS, map(_type_row, entries))
        _write(
            workbook,
            FIELDS_SHEET,
            FIELD_HEADINGS,
            (
                _field_row(entry.key, line)
                for entry in entries
                for line in queries.contract(PUBLIC, entry.key, pack=pack).fields
            ),
        )
        _write(workbook, LISTS_SHEET, LIST_HEADINGS, _list_rows(pack))
        _write(
            workbook,
            ITEMS_SHEET,
            ITEM_HEADINGS,
            (
                (item.key, item.number, item.title, item.citation, _yes(item.verified))
                for item in queries.items(PUBLIC, pack=pack)
            ),
        )
    return buffer.getvalue()


def _type_row(entry: CatalogueEntry) -> tuple[str, ...]:
    return (
        entry.key,
        entry.title,
        entry.item_number,
        entry.item_title,
        entry.edition,
        entry.publicity,
        entry.publication,
        entry.update_cycle,
        entry.service_level,
        entry.supplier,
        str(entry.fields),
        str(entry.published_fields),
        entry.citation,
        _yes(entry.verified),
        entry.valid_since.isoformat(),
        entry.note,
    )


def _field_row(contract: str, line: FieldLine) -> tuple[str, ...]:
    return (
        contract,
        str(line.number),
        line.name,
        line.label,
        line.code,
        "、".join(line.aliases),
        line.type,
        line.length,
        line.required,
        line.values,
        line.description,
        line.display,
        line.item_title,
        line.basis,
        _yes(line.basis_verified),
    )


def _list_rows(pack: str) -> Iterable[tuple[str, ...]]:
    for code_list in queries.code_lists(PUBLIC, pack=pack):
        shown = (code_list.key, code_list.title)
        known = (code_list.citation, _yes(code_list.verified))
        for value, meaning in code_list.values:
            yield (*shown, value, meaning, *known)
        for spelling, value in code_list.synonyms:
            yield (*shown, spelling, f"等同于“{value}”", *known)


def _write(workbook: Workbook, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    sheet = workbook.add_worksheet(title)
    bold = workbook.add_format({"bold": True, "bg_color": "#EEF3F8", "border": 1})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(last, column, text, wrap)
    sheet.set_column(0, len(headings) - 1, 20)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(headings) - 1)


def _yes(verified: bool) -> str:
    return "已核实" if verified else "待核实"
