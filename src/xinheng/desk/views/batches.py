"""Deliveries, batches, receipts: what was sent and what became of it."""

import json
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinheng.catalogue.contracts import load_contracts
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import Filter, address, whole
from xinheng.desk.queries import RecordLine, batch_records
from xinheng.desk.record_types import record_types
from xinheng.desk.tables import EXPORTED, XLSX, Cell, Table, day, download, export, moment, number, table
from xinheng.effects.actions import Publication
from xinheng.effects.classification import OUTCOMES
from xinheng.intake.actions.releasing import release as release_held
from xinheng.intake.correction import write_correction_file
from xinheng.intake.models import DeliveryState
from xinheng.intake.queries import DeliverySummary, deliveries, findings, receipt
from xinheng.ledger.queries import BatchSummary, batch, batches, files
from xinheng.people.permissions import Act

PAGE = 50
LISTED_FINDINGS = 100
LISTED_DELIVERIES = 200
STATE_STATUS = {
    DeliveryState.WAITING: "scheduled",
    DeliveryState.RUNNING: "in_force",
    DeliveryState.MAPPING: "suspended",
    DeliveryState.DONE: "done",
    DeliveryState.REFUSED: "overdue",
}


@officer(Act.READ_RECEIPTS)
@require_safe
def delivery_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/deliveries?state=`"""
    wanted = request.GET.get("state", "")
    found = deliveries(visit.scope, limit=LISTED_DELIVERIES)
    kept = [one for one in found if not wanted or one.state.value == wanted]
    shown = _deliveries_table(kept)
    if request.GET.get("export"):
        return export(visit, shown)
    path = reverse("desk:deliveries")
    states = [Filter("全部", path, not wanted, len(found))] + [
        Filter(str(state.label), address(path, {}, state=state.value), wanted == state.value,
               sum(one.state is state for one in found))
        for state in DeliveryState
    ]  # fmt: skip
    context = {"table": shown, "filters": states, "export_url": address(path, {}, state=wanted, export="1")}
    return render(request, "desk/deliveries.html", context)


@officer(Act.READ_RECEIPTS)
@require_safe
def batch_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/batches?show=held|mine&type=&before=`"""
    show, type = request.GET.get("show", ""), request.GET.get("type", "")
    exporting = bool(request.GET.get("export"))
    found = batches(
        visit.scope,
        type=type or None,
        held=True if show == "held" else None,
        submitted_by=visit.user.pk if show == "mine" else None,
        before=None if exporting else whole(request.GET.get("before")),
        limit=EXPORTED if exporting else PAGE + 1,
    )
    shown = batches_table(found[: EXPORTED if exporting else PAGE])
    if exporting:
        return export(visit, shown)
    path, given = reverse("desk:batches"), {"show": show, "type": type}
    more = len(found) > PAGE
    context = {
        "table": shown,
        "filters": [
            Filter(label, address(path, given, show=key), show == key)
            for key, label in (("", "全部"), ("held", "待放行"), ("mine", "我报送的"))
        ],
        "types": [(key, title, key == type) for key, title in record_types()],
        "show": show,
        "next_url": address(path, given, before=str(found[PAGE - 1].number)) if more else "",
        "first_url": address(path, given) if request.GET.get("before") else "",
        "export_url": address(path, given, export="1"),
    }
    return render(request, "desk/batches.html", context)


@officer(Act.READ_RECEIPTS)
@require_safe
def batch_page(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """`/desk/batches/<number>`: counts, files, and the rows a held batch would publish."""
    found = batch(visit.scope, number)
    waiting = found.held and found.released_at is None
    rows: tuple[RecordLine, ...] = ()
    if visit.may(Act.READ_RECORDS):
        rows = batch_records(visit.scope, number, after_row=whole(request.GET.get("after")) or 0, limit=PAGE + 1)
    contract = load_contracts(settings.PACK)[found.type]
    path = reverse("desk:batch", args=[number])
    context = {
        "batch": found,
        "title": contract.title,
        "published": bool(contract.publication_rule),
        "files": files(visit.scope, number, home=settings.HOME),
        "waiting": waiting,
        "may_release": waiting and visit.may(Act.RELEASE_BATCH),
        "table": records_table(rows[:PAGE]),
        "sees_rows": visit.may(Act.READ_RECORDS),
        "next_url": address(path, {}, after=str(rows[PAGE - 1].row_no)) if len(rows) > PAGE else "",
        "first_url": path if request.GET.get("after") else "",
    }
    return render(request, "desk/batch.html", context)


@officer(Act.RELEASE_BATCH)
@require_POST
def release(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Let a held batch out."""
    result = release_held(batch_no=number, by=visit.user, now=visit.now)
    messages.success(request, f"第 {number} 号批次已放行：{told(result)}")
    return redirect("desk:batch", number)


@officer(Act.READ_RECEIPTS)
@require_safe
def receipt_page(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """`/desk/batches/<number>/receipt?code=&column=&after=`"""
    found = receipt(visit.scope, number)
    path = reverse("desk:receipt", args=[number])
    code, column = request.GET.get("code", ""), request.GET.get("column", "")
    level = request.GET.get("level", "error")
    rows = list(
        findings(
            visit.scope,
            number,
            level=level,
            code=code or None,
            column=column if "column" in request.GET else None,
            after_row=whole(request.GET.get("after")) or 0,
            limit=LISTED_FINDINGS + 1,
        )
    )
    groups = [
        (group, address(path, {}, code=group.code, column=group.column, level=group.level) + "#rows",
         (group.code, group.column, group.level) == (code, column, level))
        for group in found.groups
    ]  # fmt: skip
    given = {"code": code, "column": column, "level": level if code else ""}
    context = {
        "receipt": found,
        "batch": found.batch,
        "errors": [one for one in groups if one[0].level == "error"],
        "hints": [one for one in groups if one[0].level != "error"],
        "rows": rows[:LISTED_FINDINGS],
        "narrowed": bool(code),
        "may_correct": visit.may(Act.SUBMIT),
        "may_export": visit.may(Act.EXPORT_LISTS),
        "all_url": path,
        "next_url": address(path, given, after=str(rows[LISTED_FINDINGS - 1].row)) + "#rows"
        if len(rows) > LISTED_FINDINGS
        else "",
        "first_url": address(path, given) if request.GET.get("after") else "",
        "export_url": address(path, {}, export="1"),
    }
    if request.GET.get("export"):
        return export(visit, _findings_table(visit, number))
    return render(request, "desk/receipt.html", context)


@officer(Act.READ_RECEIPTS)
@require_safe
def receipt_json(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The receipt for programs, every error included."""
    found = receipt(visit.scope, number)
    text = json.dumps(found.as_json(findings(visit.scope, number)), ensure_ascii=False, indent=1)
    return download(text, f"回执-{number}.json", "application/json; charset=utf-8")


@officer(Act.SUBMIT)
@require_safe
def correction(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The refused rows as a workbook, ready to be corrected and sent again."""
    target: Path = settings.HOME.tmp / f"correction-{uuid.uuid4().hex}.xlsx"
    try:
        write_correction_file(visit.scope, number, target=target, tmp=settings.HOME.tmp)
        return download(target.read_bytes(), f"改正用表格-{number}.xlsx", XLSX)
    finally:
        target.unlink(missing_ok=True)


def told(result: Publication) -> str:
    """What came of publishing, in one sentence."""
    words = {str(outcome): text for outcome, text in OUTCOMES.items()}
    parts = [f"{result.published} 条开始公示"]
    parts += [f"{count} 条{words[outcome]}" for outcome, count in result.unpublished.items()]
    return "，".join(parts) + "。"


def records_table(rows: Iterable[RecordLine]) -> Table:
    """Records of a batch by row."""
    return table(
        "批次中的记录",
        ("行", "单位", "文书号", "事项", "决定日期", "状态"),
        (
            (
                number(one.row_no),
                Cell(one.subject_name, url=reverse("desk:record", args=[one.ref]), note=one.subject_code),
                Cell(one.decision_no or "—"),
                Cell(one.title or "—"),
                day(one.decided_on),
                Cell(
                    "撤回" if one.withdrawn else one.gate_label,
                    status="ended" if one.withdrawn else gate_status(one.gate),
                ),
            )
            for one in rows
        ),
    )


def gate_status(gate: str) -> str:
    """The label a gate wears."""
    return "done" if gate == "open" else "suspended"


def batches_table(rows: Iterable[BatchSummary]) -> Table:
    """Batches, newest first."""
    contracts = load_contracts(settings.PACK)
    return table(
        "批次",
        ("批次", "信息类型", "部门", "文件", "收到", "收下", "需改正", "重复", "状态"),
        (
            (
                Cell(str(one.number), url=reverse("desk:batch", args=[one.number]), number=True),
                Cell(contracts[one.type].title),
                Cell(one.department_name),
                Cell(one.file_name, note=one.channel),
                moment(one.received_at),
                number(one.accepted + one.amended),
                number(one.rejected, url=reverse("desk:receipt", args=[one.number]) if one.rejected else ""),
                number(one.unchanged),
                _batch_state(one),
            )
            for one in rows
        ),
    )


def _batch_state(one: BatchSummary) -> Cell:
    if one.held and one.released_at is None:
        return Cell("待放行", status="suspended")
    return Cell("已放行" if one.held else "已处理", status="done")


def _deliveries_table(rows: Iterable[DeliverySummary]) -> Table:
    return table(
        "报送",
        ("收到", "文件", "信息类型", "部门", "状态", "说明"),
        (
            (
                moment(one.received_at),
                Cell(one.file_name, url=reverse("desk:delivery", args=[one.id])),
                Cell(one.title),
                Cell(one.department_name),
                Cell(str(one.state.label), status=STATE_STATUS[one.state]),
                Cell(f"{one.message}{one.advice}" or (f"第 {one.batch_no} 号批次" if one.batch_no else "—")),
            )
            for one in rows
        ),
    )


def _findings_table(visit: Visit, number_: int) -> Table:
    return table(
        f"第 {number_} 号批次的问题",
        ("行", "栏目", "代码", "原值", "问题", "怎样改正"),
        (
            (Cell(str(one.row), number=True), Cell(one.label), Cell(one.code), Cell(one.value), Cell(one.message),
             Cell(one.advice))
            for one in findings(visit.scope, number_, limit=EXPORTED)
        ),
    )  # fmt: skip
