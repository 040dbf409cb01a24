"""Lists, measures and memoranda as one workbook."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from xlsxwriter.workbook import Workbook

from xinheng.base.scope import Scope
from xinheng.measures.queries import ListView, MeasureView, lists, measures, memoranda
from xinheng.measures.rules import Memorandum
from xinheng.measures.wording import CLASS_WORDS, KIND_WORDS, LEVEL_WORDS, OBJECT_WORDS, state_of_list

MEASURES_SHEET, LISTS_SHEET, MEMORANDA_SHEET = "措施清单", "名单目录", "备忘录（不作为依据）"
MEASURE_HEADINGS = (
    "清单", "编号", "类别", "措施", "内容", "对象", "对象性质", "依据", "实施主体", "本地执行部门", "触发名单",
    "最长期限（月）", "公平竞争审查", "今天可否执行", "原因",
)  # fmt: skip
LIST_HEADINGS = (
    "代码", "名单", "性质", "层级", "依据", "认定单位", "认定标准", "期限", "提前移出", "对自然人", "更正",
    "状态", "出处",
)  # fmt: skip
MEMORANDUM_HEADINGS = (
    "名称", "文号", "发起部门", "签署部门", "对象", "措施", "当时的依据", "反馈", "签署", "终止", "出处",
)  # fmt: skip


def measures_workbook(scope: Scope, *, pack: str, as_at: date) -> bytes:
    """What the three pages show on that day, as an XLSX file."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        workbook.set_properties({"title": "名单、措施和备忘录"})
        found = measures(scope, pack=pack, as_at=as_at)
        _write(workbook, MEASURES_SHEET, MEASURE_HEADINGS, map(_measure_row, found))
        _write(workbook, LISTS_SHEET, LIST_HEADINGS, map(_list_row, lists(scope, pack=pack, as_at=as_at)))
        _write(workbook, MEMORANDA_SHEET, MEMORANDUM_HEADINGS, map(_memorandum_row, memoranda(scope, pack=pack)))
    return buffer.getvalue()


def _measure_row(view: MeasureView) -> tuple[str, ...]:
    one = view.measure
    return (
        view.edition_title,
        one.key,
        CLASS_WORDS[one.measure_class],
        one.title,
        one.text,
        one.objects,
        OBJECT_WORDS[one.object_kind],
        "；".join(f"{line.shown}{f'（{line.note}）' if line.note else ''}" for line in view.basis),
        one.executing_body,
        "、".join(view.departments),
        "、".join(title for _, title in view.lists),
        str(one.max_months) if one.max_months else "",
        one.fair_competition,
        "可以" if view.executable else "不可以",
        "".join(view.executable.reasons),
    )


def _list_row(view: ListView) -> tuple[str, ...]:
    rule = view.rule
    return (
        rule.key,
        rule.title,
        KIND_WORDS[rule.kind],
        LEVEL_WORDS[rule.level],
        "；".join(line.shown for line in view.basis) or rule.basis_text,
        rule.deciding_body,
        rule.criteria,
        rule.term,
        rule.early_removal,
        rule.named_persons,
        rule.correction,
        state_of_list(rule),
        rule.citation,
    )


def _memorandum_row(one: Memorandum) -> tuple[str, ...]:
    return (
        one.title,
        one.document_no,
        one.initiator,
        "、".join(one.signatories),
        one.objects,
        "；".join(one.measures),
        one.basis_text,
        one.feedback,
        one.signed_on.isoformat() if one.signed_on else "",
        one.ended_on.isoformat() if one.ended_on else "",
        one.citation,
    )


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
    sheet.set_column(0, len(headings) - 1, 22)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(headings) - 1)
