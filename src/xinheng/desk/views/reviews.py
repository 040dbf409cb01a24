"""The review queue, and one question with the statement on one side and the candidates on the other."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base.clock import today, working_days_between
from xinheng.base.errors import WrongUsage
from xinheng.catalogue.contracts import load_contracts
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import Filter, address, whole
from xinheng.desk.purpose import log_reading
from xinheng.desk.tables import EXPORTED, Cell, Table, day, export, table
from xinheng.desk.values import shown_content
from xinheng.desk.views.batches import told
from xinheng.effects.actions.severity import SEVERITIES
from xinheng.exchange.actions import settle_return
from xinheng.intake.actions import reviewing
from xinheng.people.permissions import Act
from xinheng.people.queries import departments
from xinheng.register.actions.review import LINKABLE, LINKED
from xinheng.register.models import ReviewKind
from xinheng.register.queries import OrganisationHit, ReviewDetail, ReviewLine, review, review_counts, reviews, search

PAGE = 50
DUE_IN = 5
"""Working days within which an answer is expected; the office's own target, not a provision."""
FOUND = 8


@dataclass(frozen=True)
class Choice:
    """One answer the officer may give."""

    value: str
    label: str
    consequence: str


@officer(Act.READ_REVIEWS)
@require_safe
def queue(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/reviews?kind=&department=&after=`: the longest waiting first."""
    counts = review_counts(visit.scope)
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in counts else ""
    offered = departments(visit.scope)
    department = next((one for one in offered if str(one.id) == request.GET.get("department")), None)
    exporting = bool(request.GET.get("export"))
    found = reviews(
        visit.scope,
        kind=kind or None,
        department=department.id if department else None,
        after=None if exporting else whole(request.GET.get("after")),
        limit=EXPORTED if exporting else PAGE + 1,
    )
    listed = _table(visit, found[: EXPORTED if exporting else PAGE])
    if exporting:
        return export(visit, listed)
    path = reverse("desk:reviews")
    given = {"kind": kind, "department": str(department.id) if department else ""}
    context = {
        "table": listed,
        "filters": [Filter("全部", address(path, given, kind=""), not kind, sum(counts.values()))]
        + [
            Filter(str(one.label), address(path, given, kind=one.value), kind == one.value, counts[one.value])
            for one in ReviewKind
        ],
        "departments": offered if len(offered) > 1 else (),
        "department": department,
        "kind": kind,
        "next_url": address(path, given, after=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": address(path, given) if request.GET.get("after") else "",
        "export_url": address(path, given, export="1"),
        "due_in": DUE_IN,
    }
    return render(request, "desk/reviews.html", context)


@officer(Act.READ_REVIEWS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/reviews/<id>`; answering leads to the next question of the kind."""
    found = review(visit.scope, id)
    if request.method == "POST":
        visit.require(Act.DECIDE_REVIEW)
        messages.success(request, _answer(request, visit, found))
        following = reviews(visit.scope, kind=found.line.kind, limit=1)
        return redirect("desk:review", following[0].id) if following else redirect("desk:reviews")
    log_reading(visit, f"办理待审事项 {id}", object_type="record", object_id=str(found.line.record_no))
    text = request.GET.get("q", "").strip()
    hits: tuple[OrganisationHit, ...] = ()
    if text and found.line.kind in LINKABLE:
        hits = search(visit.scope, text, limit=FOUND).hits
    contract = load_contracts(settings.PACK)[found.line.type]
    context = {
        "review": found,
        "line": found.line,
        "content": shown_content(contract, dict(found.content)),
        "candidates": found.candidates,
        "linkable": found.line.kind in LINKABLE,
        "choices": _choices(found.line.kind),
        "hits": hits,
        "text": text,
        "may_decide": visit.may(Act.DECIDE_REVIEW) and found.line.closed_at is None,
        "may_undo": visit.may(Act.DECIDE_REVIEW) and found.line.outcome == LINKED,
        "type_title": contract.title,
    }
    return render(request, "desk/review.html", context)


def _answer(request: HttpRequest, visit: Visit, found: ReviewDetail) -> str:
    """Carry the officer's answer out; what to tell her."""
    given, note = request.POST.get("answer", ""), request.POST.get("note", "").strip()[:300]
    facts: dict[str, Any] = {"review": found.line.id, "by": visit.user, "now": visit.now}
    kind = found.line.kind
    if given == "undo":
        ended = reviewing.undo_link(**facts, reason=note)
        return f"已撤销关联，{ended} 条公示随即终止，这一事项重新待审。"
    if not given:
        raise WrongUsage("请先选择一种处理。", "返回后选定再提交。")
    if kind in LINKABLE and given == "none":
        reviewing.link_subject(**facts, organisation_id=None, note=note)
        return "已记为不是本地登记的单位，这条记录不公示。"
    if kind in LINKABLE:
        result = reviewing.link_subject(**facts, organisation_id=whole(given), note=note)
        return f"已关联主体：{told(result)}"
    if kind == ReviewKind.SEVERITY and given in SEVERITIES:
        return f"已定为{given}：{told(reviewing.decide_severity(**facts, severity=given, note=note))}"
    if kind == ReviewKind.RETURNED and given == "accept":
        return f"已同意再次报送：{told(reviewing.accept_returned(**facts, note=note))}"
    if kind == ReviewKind.RETURNED and given == "keep_out":
        reviewing.keep_out(**facts, note=note)
        return "已决定不再公示。"
    if kind == ReviewKind.REJECTED and given in ("corrected", "explained"):
        settle_return(**facts, outcome=given, note=note)
        return "已记下对上级退回的处理。"
    raise WrongUsage("没有这种处理。", "请返回后重新选择。")


def _choices(kind: str) -> tuple[Choice, ...]:
    if kind == ReviewKind.SEVERITY:
        shows = {"轻微": "按规定不公示，或者公示期最短", "一般": "按一般失信的期限公示", "严重": "按严重失信的期限公示"}
        return tuple(Choice(one, one, shows[one]) for one in SEVERITIES)
    if kind == ReviewKind.RETURNED:
        return (
            Choice("accept", "同意再次报送", "按规定的期限重新公示"),
            Choice("keep_out", "不再公示", "记录留存，不进入任何公开页面；须写明理由"),
        )
    if kind == ReviewKind.REJECTED:
        return (
            Choice("corrected", "部门已更正", "部门已报送更正，等待下次上报"),
            Choice("explained", "已向上级说明", "退回理由不成立或者已沟通，写明情况"),
        )
    return ()


def _table(visit: Visit, rows: tuple[ReviewLine, ...]) -> Table:
    return table(
        "待审事项",
        ("事项", "单位", "文书号", "部门", "收到", "已等待"),
        (
            (
                Cell(row.kind_label, url=reverse("desk:review", args=[row.id]), note=row.reason),
                Cell(row.subject_name, note=row.subject_code),
                Cell(row.decision_no or "—"),
                Cell(row.department_name),
                day(row.opened_at),
                _waited(visit, row),
            )
            for row in rows
        ),
    )


def _waited(visit: Visit, row: ReviewLine) -> Cell:
    days = working_days_between(today(row.opened_at), visit.today).days
    return Cell(f"{days} 个工作日", status="overdue" if days > DUE_IN else "", unbroken=True)
