"""代码问题 at the desk: what is wrong with codes, by which rows, who looks after it, and the rates by department."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.errors import Conflict, Refused
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import address, whole
from xinheng.desk.tables import EXPORTED, Cell, Table, day, export, number, table
from xinheng.governance import actions
from xinheng.governance.models import Kind, Outcome
from xinheng.governance.queries import DepartmentRates, FindingLine, Rates, finding, findings, rates
from xinheng.people.models import Region
from xinheng.people.permissions import Act

LISTED = 100
REASONS = [(one.value, one.label) for one in Outcome if one is not Outcome.CORRECTED]


@officer(Act.READ_IDENTIFIERS)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/identifiers?kind=&department=&mine=1&closed=1&before=`"""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    department, mine, closed = whole(request.GET.get("department")), request.GET.get("mine"), request.GET.get("closed")
    exporting = bool(request.GET.get("export"))
    found = findings(
        visit.scope, kind=kind, department=department, assigned_to=visit.user.pk if mine else None,
        closed=bool(closed), before=whole(request.GET.get("before")), limit=EXPORTED if exporting else LISTED + 1,
    )  # fmt: skip
    if exporting:
        return export(visit, _table(found))
    path = reverse("desk:identifiers")
    given = {"kind": kind, "department": str(department or ""), "mine": mine or "", "closed": closed or ""}
    counted = rates(visit.scope)
    context = {
        "table": _table(found[:LISTED]),
        "next_url": address(path, given, before=str(found[LISTED - 1].id)) if len(found) > LISTED else "",
        "export_url": address(path, given, export="1"),
        "kinds": Kind.choices,
        "kind": kind,
        "mine": mine,
        "closed": closed,
        "rates": counted,
        "rates_table": _rates_table(counted) if counted else None,
        "may_check": visit.may(Act.GOVERN_IDENTIFIERS),
    }
    return render(request, "desk/identifiers.html", context)


@officer(Act.READ_IDENTIFIERS)
@require_safe
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/identifiers/<id>`"""
    page = finding(visit.scope, id)
    context = {
        "page_": page,
        "line": page.line,
        "reasons": REASONS,
        "may_assign": visit.may(Act.GOVERN_IDENTIFIERS) and page.line.closed_at is None,
        "may_close": visit.may(Act.CLOSE_IDENTIFIERS) and page.line.closed_at is None,
    }
    return render(request, "desk/identifier.html", context)


@officer(Act.GOVERN_IDENTIFIERS)
@require_POST
def check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Look at all codes now."""
    region = Region.objects.get(pk=visit.user.region_id)
    done = actions.check_codes(region=region, by=visit.actor, now=visit.now)
    messages.success(request, f"已核对：共 {done.found} 项，新发现 {done.opened} 项，已改正 {done.corrected} 项。")
    return redirect("desk:identifiers")


@officer(Act.GOVERN_IDENTIFIERS)
@require_POST
def assign(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Give a finding to a clerk of its department."""
    try:
        actions.assign(finding=id, officer=whole(request.POST.get("officer")) or 0, by=visit.user, now=visit.now)
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已交给经办人，对方会收到消息。")
    return redirect("desk:identifier", id)


@officer(Act.CLOSE_IDENTIFIERS)
@require_POST
def close(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """End a finding with a reason."""
    outcome = request.POST.get("outcome", "")
    try:
        if outcome not in dict(REASONS):
            raise Refused("请选择办结的原因。")
        actions.close(
            finding=id, outcome=Outcome(outcome), note=request.POST.get("note", ""), by=visit.user, now=visit.now
        )
    except (Refused, Conflict) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已办结。")
    return redirect("desk:identifier", id)


def _table(found: tuple[FindingLine, ...]) -> Table:
    return table(
        "代码问题",
        ("问题", "代码或名称", "部门", "发现", "经办人", "结果"),
        (
            (
                Cell(one.kind_label, url=reverse("desk:identifier", args=[one.id])),
                Cell(one.key),
                Cell(one.department_name),
                day(one.found_at),
                Cell(one.assigned_to or "—"),
                Cell(one.outcome_label or "待改正", note=one.note),
            )
            for one in found
        ),
    )


def _rates_table(counted: Rates) -> Table:
    rows = [*counted.departments, *((counted.total,) if len(counted.departments) > 1 else ())]
    return table(
        "各部门的重错码率",
        (
            "部门",
            "主体数",
            "错码（万分之）",
            "重码（万分之）",
            "无现行代码（万分之）",
            *(str(kind.label) for kind in Kind),
        ),
        (_rates_row(one) for one in rows),
    )


def _rates_row(one: DepartmentRates) -> tuple[Cell, ...]:
    url = f"{reverse('desk:identifiers')}?department={one.department_id}" if one.department_id else ""
    rates_ = (Cell(str(rate), number=True) for rate in (one.wrong, one.double, one.without))
    counts = (number(one.faults.get(kind.value, 0)) for kind in Kind)
    return (Cell(one.department_name, url=url, unbroken=True), number(one.subjects), *rates_, *counts)
