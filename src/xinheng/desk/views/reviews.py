"""The review queue, and one question with the statement on one side and the candidates on the other."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xinheng.base.clock import format_date, today, working_days_between
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
from xinheng.matching.queries import Compared, compared, decisions_on
from xinheng.people.permissions import Act
from xinheng.people.queries import departments
from xinheng.register.actions.review import LINKABLE, TAKEN_BACK
from xinheng.register.models import ReviewKind
from xinheng.register.queries import (
    Candidate,
    OrganisationHit,
    ReviewDetail,
    ReviewLine,
    answered_by_themselves,
    put_off_reviews,
    review,
    review_counts,
    reviews,
    search,
)

PAGE = 50
DUE_IN = 5
"""Working days within which an answer is expected; the office's own target, not a provision."""
FOUND = 8


SHOWS = {"later": "以后处理", "alone": "自动关联"}
LATER, ALONE = SHOWS
BY_ITSELF_WORDS = {
    "matched": "名称比对一致，自动关联，没有经过人工。",
    "remembered": "按此前对同一写法的处理自动关联。",
}


@dataclass(frozen=True)
class Explained:
    """A candidate with what was compared of its name, where it was compared."""

    candidate: Candidate
    compared: Compared | None


@dataclass(frozen=True)
class Choice:
    """One answer the officer may give."""

    value: str
    label: str
    consequence: str


@officer(Act.READ_REVIEWS)
@require_safe
def queue(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/reviews?show=&kind=&department=&after=`: the longest waiting first; apart: put off, linked by itself."""
    counts = review_counts(visit.scope)
    show = request.GET.get("show", "") if request.GET.get("show", "") in SHOWS else ""
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in counts else ""
    offered = departments(visit.scope)
    department = next((one for one in offered if str(one.id) == request.GET.get("department")), None)
    exporting = bool(request.GET.get("export"))
    found = _found(
        visit,
        show,
        kind=kind,
        department=department.id if department else None,
        after=None if exporting else whole(request.GET.get("after")),
        limit=EXPORTED if exporting else PAGE + 1,
    )
    listed = _table(visit, found[: EXPORTED if exporting else PAGE])
    if exporting:
        return export(visit, listed)
    path = reverse("desk:reviews")
    given = {"show": show, "kind": kind, "department": str(department.id) if department else ""}
    context = {
        "table": listed,
        "filters": [Filter("全部", address(path, given, kind="", show=""), not (kind or show), sum(counts.values()))]
        + [
            Filter(
                str(one.label),
                address(path, given, kind=one.value, show=""),
                kind == one.value and not show,
                counts[one.value],
            )
            for one in ReviewKind
        ]
        + [Filter(label, address(path, given, kind="", show=key), show == key) for key, label in SHOWS.items()],
        "show": show,
        "departments": offered if len(offered) > 1 else (),
        "department": department,
        "kind": kind,
        "next_url": address(path, given, after=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": address(path, given) if request.GET.get("after") else "",
        "export_url": address(path, given, export="1"),
        "due_in": DUE_IN,
    }
    return render(request, "desk/reviews.html", context)


def _found(
    visit: Visit, show: str, *, kind: str, department: int | None, after: int | None, limit: int
) -> tuple[ReviewLine, ...]:
    if show == ALONE:
        return answered_by_themselves(visit.scope, department=department, before=after, limit=limit)
    if show == LATER:
        return put_off_reviews(visit.scope, on=visit.today, department=department, after=after, limit=limit)
    return reviews(visit.scope, kind=kind or None, department=department, after=after, on=visit.today, limit=limit)


@officer(Act.READ_REVIEWS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/reviews/<id>`; answering leads to the next question of the kind."""
    found = review(visit.scope, id)
    if request.method == "POST":
        visit.require(Act.DECIDE_REVIEW)
        messages.success(request, _answer(request, visit, found))
        following = reviews(visit.scope, kind=found.line.kind, on=visit.today, limit=1)
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
        "candidates": _explained(visit, found),
        "decisions": decisions_on(visit.scope, id),
        "by_itself": BY_ITSELF_WORDS.get(found.line.outcome, ""),
        "tomorrow": visit.today + timedelta(days=1),
        "linkable": found.line.kind in LINKABLE,
        "choices": _choices(found.line.kind),
        "hits": hits,
        "text": text,
        "may_decide": visit.may(Act.DECIDE_REVIEW) and found.line.closed_at is None,
        "may_undo": visit.may(Act.DECIDE_REVIEW) and found.line.outcome in TAKEN_BACK,
        "type_title": contract.title,
    }
    return render(request, "desk/review.html", context)


def _explained(visit: Visit, found: ReviewDetail) -> list[Explained]:
    """The candidates, the likeliest first; also the one a closed question was linked to."""
    names = {one.organisation_id: one for one in compared(visit.scope, found.line.id)}
    both = [Explained(one, names.get(one.organisation.id)) for one in found.candidates]
    return sorted(both, key=lambda one: -(one.compared.score if one.compared else 0))


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
    if kind in LINKABLE and given == "later":
        until = _day(request.POST.get("until", ""))
        reviewing.put_off(**facts, until=until, note=note)
        return f"已放到 {format_date(until)} 再处理，在那以前列在“以后处理”里。"
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage("请选择以后处理的日期。", "返回后选定日期再提交。") from error


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
                _waited(visit, row) if row.closed_at is None else Cell(BY_ITSELF_WORDS.get(row.outcome, "")),
            )
            for row in rows
        ),
    )


def _waited(visit: Visit, row: ReviewLine) -> Cell:
    if row.put_off_until and row.put_off_until > visit.today:
        return Cell(f"{format_date(row.put_off_until)}以后", note=row.put_off_by, unbroken=True)
    days = working_days_between(today(row.opened_at), visit.today).days
    return Cell(f"{days} 个工作日", status="overdue" if days > DUE_IN else "", unbroken=True)
