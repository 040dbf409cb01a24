"""Lists of what is in force now, by kind, with filters and cursor pages."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.scope import PUBLIC
from xinheng.effects import queries as effects
from xinheng.people.queries import departments
from xinheng.portal.kinds import GROUPS, kind, kinds
from xinheng.portal.paging import address

PAGE_SIZE = 20
MONTHS_OFFERED = 48


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/publicity`: all kinds with their live numbers."""
    counts = effects.counts(PUBLIC, as_at=clock.today())
    groups = [
        (title, [(one, counts.by_type.get(one.key, 0)) for one in kinds() if one.group == title]) for title, _ in GROUPS
    ]
    shown = [group for group in groups if group[1]]
    return render(request, "portal/publicity_index.html", {"groups": shown})


@require_safe
def listing(request: HttpRequest, record_type: str) -> HttpResponse:
    """`/publicity/<type>?department=&month=&after=`"""
    shown = kind(record_type)
    today = clock.today()
    offered = departments(PUBLIC)
    department = next((one for one in offered if str(one.id) == request.GET.get("department")), None)
    months = _months(today)
    month = next((one for one in months if f"{one:%Y-%m}" == request.GET.get("month")), None)
    given = {
        "department": str(department.id) if department else "",
        "month": f"{month:%Y-%m}" if month else "",
    }
    page = effects.published_list(
        PUBLIC,
        type=record_type,
        as_at=today,
        department=department.id if department else None,
        month=month,
        after=request.GET.get("after") or None,
        limit=PAGE_SIZE,
    )
    path = reverse("portal:publicity_list", args=[record_type])
    return render(
        request,
        "portal/publicity_list.html",
        {
            "kind": shown,
            "groups": [(title, [one for one in kinds() if one.group == title]) for title, _ in GROUPS],
            "departments": offered,
            "department": department,
            "months": months,
            "month": month,
            "rows": page.rows,
            "next_url": address(path, given, after=page.next_cursor) if page.next_cursor else "",
            "first_url": address(path, given) if request.GET.get("after") else "",
            "clear_url": path if any(given.values()) else "",
        },
    )


def _months(today: date) -> list[date]:
    """First days of this month and the ones before it."""
    start = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(start, start - MONTHS_OFFERED, -1)]
