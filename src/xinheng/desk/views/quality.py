"""Double-publicity quality: three rates per department and month, with their formulas."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import address
from xinheng.desk.tables import Cell, Table, export, number, table
from xinheng.monitoring.queries import ACTS, Quality, Rate, formulas, quality_by_department, quality_by_month
from xinheng.people.permissions import Act
from xinheng.people.queries import departments

MONTHS_OFFERED, MONTHS_SHOWN = 24, 12
UNKNOWN = "无法计算"


@officer(Act.READ_QUALITY)
@require_safe
def quality(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/quality?month=&department=&act=`: all departments of a month, or one department over a year."""
    offered = departments(visit.scope, active_only=False)
    department = next((one for one in offered if str(one.id) == request.GET.get("department")), None)
    months = _months(visit.today, MONTHS_OFFERED)
    month = next((one for one in months if f"{one:%Y-%m}" == request.GET.get("month")), months[0])
    act = request.GET.get("act", "") if request.GET.get("act", "") in ACTS else ""
    facts: dict[str, Any] = {"act": act or None, "pack": settings.PACK, "home": settings.HOME}
    path = reverse("desk:quality")
    given = {"act": act, "month": f"{month:%Y-%m}"}
    if department:
        rows = quality_by_month(
            visit.scope, department=department.id, months=_months(visit.today, MONTHS_SHOWN), **facts
        )
        shown = _table(
            f"{department.name}报送质量", "月份", [(f"{one.month.year}年{one.month.month}月", "", one) for one in rows]
        )
    else:
        by_department = quality_by_department(visit.scope, month=month, **facts)
        shown = _table(
            f"{month.year}年{month.month}月双公示质量",
            "部门",
            [
                (one.department_name, address(path, given, department=str(one.department_id)), one)
                for one in by_department
            ],
        )
    if request.GET.get("export"):
        return export(visit, shown)
    given |= {"department": str(department.id) if department else ""}
    context = {
        "table": shown,
        "departments": offered if len(offered) > 1 else (),
        "department": department,
        "months": months,
        "month": month,
        "act": act,
        "acts": ACTS,
        "formulas": formulas(visit.scope, pack=settings.PACK, as_at=visit.today),
        "export_url": address(path, given, export="1"),
        "all_url": address(path, given, department=""),
    }
    return render(request, "desk/quality.html", context)


def _table(title: str, first: str, rows: list[tuple[str, str, Quality]]) -> Table:
    return table(
        title,
        (first, "收到行数", "合规率", "及时率", "上报率"),
        (
            (
                Cell(name, url=url),
                number(one.received),
                _rate(one.compliance, "收到的行中没有错误的"),
                _rate(one.timeliness, "按时收到的"),
                _rate(one.coverage, "台账中已报送的"),
            )
            for name, url, one in rows
        ),
    )


def _rate(rate: Rate, words: str) -> Cell:
    if rate.percent is None:
        return Cell(UNKNOWN, note=rate.reason, number=True)
    return Cell(f"{rate.percent} %", note=f"{rate.part:,} ÷ {rate.whole:,}", number=True)


def _months(today: date, count: int) -> list[date]:
    """First days of this month and the ones before it."""
    start = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(start, start - count, -1)]
