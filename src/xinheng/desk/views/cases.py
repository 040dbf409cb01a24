"""Cases at the desk: what waits for me, one case, and the steps its table allows."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.declarations.queries import DeclarationLine, found_untrue, versions_of
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import Filter, address, whole
from xinheng.desk.purpose import log_reading
from xinheng.desk.tables import EXPORTED, Cell, Table, day, export, table
from xinheng.people.models import User
from xinheng.people.permissions import Act
from xinheng.people.purposes import logged
from xinheng.proceedings import actions as proceedings
from xinheng.proceedings.forms import FILES_HELP, StepForm, files_in, on_disk
from xinheng.proceedings.parties import CLOSED_CIRCLE, parties_of
from xinheng.proceedings.queries import (
    CaseLine,
    CasePage,
    case_contact,
    case_list,
    case_page,
    file_of,
    handlers,
    links_of_case,
    objection_figures,
    open_counts,
    repair_figures,
)
from xinheng.proceedings.queries.lists import CLOSED, MINE, OPEN, OVERDUE, WAITING
from xinheng.proceedings.serving import as_download
from xinheng.proceedings.stating import StatedWrong

PAGE = 50
SOON = 2
PROCEDURES = {
    "objection": "异议处理",
    "repair": "信用修复",
    "shield": "暂时屏蔽",
    "complaint": "投诉",
    "remedy": "复议和诉讼",
    "declaration": "自主申报核验",
    "determination": "名单认定",
    "removal": "名单移出",
}
SHOWN = {WAITING: "等我办理", MINE: "交给我的", OVERDUE: "已逾期", OPEN: "办理中", CLOSED: "已办结"}


@officer(Act.READ_CASES)
@require_safe
def case_queue(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """`/desk/cases?show=&procedure=&before=`: the most urgent first."""
    show = request.GET.get("show", WAITING) if request.GET.get("show", WAITING) in SHOWN else WAITING
    procedure = request.GET.get("procedure", "")
    parties = parties_of(visit.user)
    exporting = bool(request.GET.get("export"))
    found = case_list(
        visit.scope,
        parties=parties,
        user_id=visit.user.pk,
        today=visit.today,
        show=show,
        procedure=procedure,
        before=whole(request.GET.get("before")),
        limit=EXPORTED if exporting else PAGE + 1,
    )
    listed = _table(found[: EXPORTED if exporting else PAGE])
    if exporting:
        return export(visit, listed)
    counts = open_counts(visit.scope, parties=parties, user_id=visit.user.pk, today=visit.today)
    path, given = reverse("desk:cases"), {"show": show, "procedure": procedure}
    numbers = {WAITING: counts.waiting, OVERDUE: counts.overdue}
    first = visit.today.replace(month=1, day=1)
    more = show == CLOSED and len(found) > PAGE
    context = {
        "table": listed,
        "filters": [
            Filter(label, address(path, given, show=key), key == show, numbers.get(key)) for key, label in SHOWN.items()
        ],
        "procedures": [("", "全部事项"), *PROCEDURES.items()],
        "procedure": procedure,
        "show": show,
        "export_url": address(path, given, export="1"),
        "next_url": address(path, given, before=str(found[PAGE - 1].id)) if more else "",
        "first_url": address(path, given) if request.GET.get("before") else "",
        "objections": objection_figures(visit.scope, first=first, last=visit.today),
        "repairs": repair_figures(visit.scope, first=first, last=visit.today),
        "since": first,
        "may_open": visit.may(Act.HANDLE_CASE),
        "may_see_incidents": visit.may(Act.READ_INCIDENTS),
        "to_confirm": counts.to_confirm,
        "handlers": handlers(visit.scope) if visit.may(Act.HANDLE_CASE) else (),
    }
    return render(request, "desk/cases.html", context)


@officer()
@require_safe
def case(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/cases/<id>`"""
    page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    log_reading(visit, logged("case", f"案件 {id}"), object_type="case", object_id=str(id))
    return _render(request, visit, page)


@officer()
@require_POST
def take_step(request: HttpRequest, visit: Visit, id: int, event: str) -> HttpResponse:
    """Take a step, or propose it where two persons are needed; what was typed stays when something is wrong."""
    page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    step = next((one for one in page.steps if one.event == event), None)
    if step is None:
        raise Conflict(f"现在的状态是“{page.line.state_title}”，这一步已经不能办理。", "请刷新案件页面查看。")
    form = StepForm(step.fields, request.POST, prefix=event)
    acts = proceedings.propose if step.two_person else proceedings.move
    try:
        acts(case=id, event=event, stated=form.stated(), by=visit.user, now=visit.now, seen=_seen(request))
    except StatedWrong as wrong:
        form.tell(wrong)
    except Refused as refusal:
        form.add_error(None, f"{refusal.message}{refusal.advice}")
    except Conflict as stale:
        form.add_error(None, f"{stale.message}下面保留了您填写的内容，核对后可以再次提交。")
        page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    else:
        said = "已提出，等待另一人确认" if step.two_person else "已办理"
        messages.success(request, f"{said}：{step.title}。")
        return redirect("desk:case", id)
    return _render(request, visit, page, bound=(event, step.title, form), status=400)


@officer(Act.DECIDE_CASE, Act.HANDLE_INCIDENTS, Act.DECIDE_INCIDENTS)
@require_POST
def settle(request: HttpRequest, visit: Visit, id: int, proposal: int) -> HttpResponse:
    """The second person: confirm, or send back with the reason."""
    page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    if page.proposal is None or page.proposal.id != proposal:
        raise NotFound("没有这个待确认的处理意见。", "请刷新案件页面查看。")
    if request.POST.get("answer") == "confirm":
        proceedings.confirm(proposal=proposal, by=visit.user, now=visit.now)
        messages.success(request, f"已确认：{page.proposal.title}。")
    else:
        proceedings.send_back(proposal=proposal, note=request.POST.get("note", ""), by=visit.user, now=visit.now)
        messages.success(request, "已退回，案件状态不变。")
    return redirect("desk:case", id)


@officer()
@require_POST
def add_files(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Add files to a running case."""
    page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    sent = files_in(request.FILES, page.attachment_kinds)
    if not sent:
        messages.error(request, "没有选择文件。")
    try:
        with on_disk(sent) as uploads:
            for upload in uploads:
                proceedings.add_attachment(case=id, upload=upload, by=visit.user, now=visit.now)
                messages.success(request, f"已添加材料“{upload.file_name}”。")
    except Refused as refusal:
        messages.error(request, f"没有收下：{refusal.message}{refusal.advice}")
    return redirect("desk:case", id)


@officer(Act.HANDLE_CASE)
@require_POST
def assign(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Give the case to somebody of the credit office, or take it."""
    case_page(visit.scope, id, by=visit.user, today=visit.today)
    to = User.objects.filter(pk=whole(request.POST.get("to")) or 0, region_id=visit.user.region_id).first()
    if to is None:
        raise NotFound("没有这位人员。", "请从列表中选择。")
    proceedings.hand_over(case=id, to=to, by=visit.user, now=visit.now)
    messages.success(request, f"案件现在由{to.display_name}办理。")
    return redirect("desk:case", id)


@officer(Act.HANDLE_CASE)
@require_POST
def cover(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/cases/cover`: who works on whose cases while she is away."""
    people = {
        name: User.objects.filter(pk=whole(request.POST.get(name)) or 0, region_id=visit.user.region_id).first()
        for name in ("officer", "substitute")
    }
    away, substitute = people["officer"], people["substitute"]
    try:
        first, last = (date.fromisoformat(request.POST.get(name, "")) for name in ("first", "last"))
    except ValueError:
        messages.error(request, "请选择替班的起止日期。")
        return redirect("desk:cases")
    if away is None or substitute is None:
        raise NotFound("没有这位人员。", "请从列表中选择。")
    proceedings.cover_leave(
        officer=away, substitute=substitute, first_day=first, last_day=last, by=visit.user, now=visit.now
    )
    messages.success(request, f"{away.display_name}的案件在这段时间由{substitute.display_name}办理。")
    return redirect("desk:cases")


@officer(Act.HANDLE_CASE)
@require_POST
def contact(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Show how to reach the one who applied at the counter; every look is logged."""
    told = case_contact(visit.scope, id, by=visit.user)
    log_reading(visit, "联系申请人", object_type="case_contact", object_id=str(id))
    page = case_page(visit.scope, id, by=visit.user, today=visit.today)
    return _render(request, visit, page, contact=told)


@officer()
@require_safe
def download(request: HttpRequest, visit: Visit, id: int, what: str, file: int) -> HttpResponseBase:
    """One file of a case, always as a download."""
    found, pieces = file_of(visit.scope, id, what=what, file_id=file, by=visit.user)
    log_reading(visit, "办理或查看案件", object_type="case_file", object_id=f"{id}/{what}/{file}")
    return as_download(found, pieces)


def _render(
    request: HttpRequest, visit: Visit, page: CasePage, *, bound: tuple[str, str, StepForm] | None = None,
    contact: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    forms = []
    for step in page.steps:
        filled = bound is not None and bound[0] == step.event
        form = bound[2] if bound is not None and filled else StepForm(step.fields, prefix=step.event)
        forms.append((step, form, filled))
    kept = bound if bound is not None and not any(filled for _, _, filled in forms) else None
    context = {
        "page_": page,
        "line": page.line,
        "forms": forms,
        "kept": kept,
        "contact": contact,
        "soon": SOON,
        "files_help": FILES_HELP,
        "may_assign": "office" in page.parties and not page.line.final,
        "closed_circle": page.line.procedure in CLOSED_CIRCLE,
        "handlers": handlers(visit.scope) if visit.may(Act.HANDLE_CASE) else (),
        "may_confirm": page.proposal is not None
        and not page.proposal.own
        and bool(page.parties & {"decider", "auditor"}),
        "may_attach": bool(page.parties) and not page.line.final,
        "versions": (versions := versions_of(visit.scope, page.line.number, as_at=visit.today)),
        "links": links_of_case(visit.scope, page.line.id, by=visit.user, as_at=visit.today),
        "warned": _warned(visit, page, versions),
    }
    return render(request, "desk/case.html", context, status=status)


def _warned(visit: Visit, page: CasePage, versions: tuple[DeclarationLine, ...]) -> tuple[str, ...]:
    """What whoever verifies a declaration should know of earlier ones."""
    if not versions:
        return ()
    untrue = found_untrue(visit.scope, credit_code=page.line.credit_code)
    return tuple(f"该单位曾有申报被认定不实：{one}。请核对本次申报与它是否相同。" for one in untrue)


def _seen(request: HttpRequest) -> int | None:
    return whole(request.POST.get("seen"))


def _table(rows: tuple[CaseLine, ...]) -> Table:
    return table(
        "案件",
        ("案号", "单位和信息", "状态", "轮到", "期限", "承办人"),
        (
            (
                Cell(row.number, url=reverse("desk:case", args=[row.id]), note=row.procedure_title, unbroken=True),
                Cell(row.subject_name, note=row.record_title),
                Cell("待第二人确认" if row.proposed else row.state_title, status=_colour(row)),
                Cell(row.waits_for_label or "—", note=row.department_name if row.waits_for == "source" else ""),
                _due(row),
                Cell(row.assignee or "—"),
            )
            for row in rows
        ),
    )


def _colour(row: CaseLine) -> str:
    if row.final:
        return "ended"
    return "suspended" if row.proposed or row.waits_for == "applicant" else "in_force"


def _due(row: CaseLine) -> Cell:
    if row.due_on is None or row.days_left is None:
        return day(row.closed_at) if row.closed_at else Cell("—")
    if row.days_left < 0:
        return Cell(f"逾期 {-row.days_left} 个工作日", status="overdue", note=day(row.due_on).text, unbroken=True)
    left = "今天到期" if row.days_left == 0 else f"还剩 {row.days_left} 个工作日"
    return Cell(left, status="suspended" if row.days_left <= SOON else "", note=day(row.due_on).text, unbroken=True)
