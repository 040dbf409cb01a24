"""The XLSX template of a contract: what a department fills in and sends back."""

from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xinheng.catalogue.code_lists import CodeList, load_code_lists
from xinheng.catalogue.contract import Contract, Field
from xinheng.catalogue.provisions import ProvisionReference, load_provisions
from xinheng.catalogue.wording import (
    TYPES,
    display_of,
    key_of,
    length_of,
    requirement_of,
    values_of,
)
from xinheng.rulebook.loader import load_pack

DATA_SHEET, EXAMPLE_SHEET, NOTES_SHEET, VALUES_SHEET = "数据", "填写示例", "填写说明", "选项"
_ROWS = 5000
"""Rows that get drop-downs; more may be filled in."""
_NOTE_HEADINGS = ("序号", "字段", "交换代码", "是否必填", "类型", "长度", "取值", "说明", "是否公示", "依据")
_NOTE_WIDTHS = (6, 34, 16, 16, 16, 14, 48, 48, 18, 48)
_NAVY, _PALE, _LINE = "#1F4E79", "#EEF3F8", "#B8C4D0"


def template_bytes(contract: Contract, pack: str) -> bytes:
    """The template as a file: sheets 数据 (empty, with drop-downs), 填写示例 and 填写说明.

    Cells are text, so that codes keep their zeros and dates stay as typed.
    """
    buffer = BytesIO()
    loaded = load_pack(pack)
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": f"{contract.title}报送模板", "comments": contract.edition})
        data = workbook.add_worksheet(DATA_SHEET)
        example = workbook.add_worksheet(EXAMPLE_SHEET)
        notes = workbook.add_worksheet(NOTES_SHEET)
        _write_heading(workbook, data, contract)
        _add_drop_downs(workbook, data, contract)
        _write_heading(workbook, example, contract)
        for column, field in enumerate(contract.fields):
            example.write_string(1, column, field.example)
        _write_notes(workbook, notes, contract, load_code_lists(loaded), load_provisions(loaded))
        data.activate()
    return buffer.getvalue()


def _write_heading(workbook: Workbook, sheet: Worksheet, contract: Contract) -> None:
    text = workbook.add_format({"num_format": "@"})
    needed, optional = _heading_format(workbook, needed=True), _heading_format(workbook, needed=False)
    for column, field in enumerate(contract.fields):
        sheet.set_column(column, column, _width(field), text)
        sheet.write_string(0, column, field.label, optional if field.required == "optional" else needed)
    sheet.set_row(0, 36)
    sheet.freeze_panes(1, 0)


def _heading_format(workbook: Workbook, *, needed: bool) -> Format:
    colours = {"font_color": "#FFFFFF", "bg_color": _NAVY} if needed else {"bg_color": _PALE}
    layout = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": _LINE}
    return workbook.add_format({**layout, **colours, "num_format": "@"})


def _add_drop_downs(workbook: Workbook, sheet: Worksheet, contract: Contract) -> None:
    """Lists stand on a hidden sheet: a list inside the cell rule may hold 255 characters only.

    An open value (其他-补办) and several values in one cell must still be accepted, so the rule only warns.
    """
    closed = [(column, field) for column, field in enumerate(contract.fields) if field.values]
    if not closed:
        return
    lists = workbook.add_worksheet(VALUES_SHEET)
    lists.hide()
    for place, (column, field) in enumerate(closed):
        lists.write_column(0, place, [field.label, *field.values])
        letter = xlsxwriter.utility.xl_col_to_name(place)
        strict = field.type == "enum" and not field.open_value and not field.synonyms
        sheet.data_validation(
            1,
            column,
            _ROWS,
            column,
            {
                "validate": "list",
                "source": f"={VALUES_SHEET}!${letter}$2:${letter}${len(field.values) + 1}",
                "error_type": "stop" if strict else "information",
                "error_title": "请核对取值",
                "error_message": "这里的内容不在选项中，请对照“填写说明”。",
            },
        )


def _write_notes(
    workbook: Workbook,
    sheet: Worksheet,
    contract: Contract,
    code_lists: dict[str, CodeList],
    provisions: dict[str, ProvisionReference],
) -> None:
    bold = workbook.add_format({"bold": True, "font_size": 14})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": _LINE})
    sheet.write_string(0, 0, f"{contract.title}（{contract.edition}）填写说明", bold)
    lines = (
        f"依据：{contract.citation}",
        f"报送单位：{contract.supplier}；更新周期：{contract.update_cycle}",
        f"业务主键：{key_of(contract)}。主键相同、内容不同的行按更正处理；同一文件中主键不能重复。",
        "日期写成2026/10/15，长期写2099/12/31；代码和文号请保持文本格式。深色表头为必填。",
    )
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, line)
    top = len(lines) + 2
    for column, (heading, width) in enumerate(zip(_NOTE_HEADINGS, _NOTE_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, _heading_format(workbook, needed=True))
    for number, field in enumerate(contract.fields, start=1):
        listed = code_lists.get(field.code_list)
        cells = (
            str(number),
            field.label,
            field.code,
            requirement_of(field, contract),
            TYPES[field.type],
            length_of(field),
            values_of(field, dict(listed.meanings) if listed else {}),
            field.description,
            display_of(field),
            str(provisions[field.provision]),
        )
        for column, text in enumerate(cells):
            sheet.write_string(top + number, column, text, wrap)
    sheet.freeze_panes(top + 1, 2)


def _width(field: Field) -> float:
    """Wide enough for the heading in two lines; Chinese characters take two places."""
    return min(max(12, len(field.label) + 4, len(field.example) * 1.6), 40)
