"""Numbers of what is in force now, as drawings and as tables."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinheng.base import clock
from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.effects import queries as effects
from xinheng.portal.charts import Bars, month_bars, ranked_bars
from xinheng.portal.kinds import kinds
from xinheng.portal.months import licences_and_penalties

DEPARTMENTS_SHOWN = 12


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """`/statistics`"""
    today = clock.today()
    series = licences_and_penalties(today)
    return render(
        request,
        "portal/statistics.html",
        {
            "counts": effects.counts(PUBLIC, as_at=today),
            "by_kind": _by_kind(today),
            "by_department": _by_department(today),
            "month_rows": [
                (month, *(bars[position][1] for _, bars in series)) for position, (month, _) in enumerate(series[0][1])
            ],
            "kind_headings": ["类别", "件数"],
            "department_headings": ["部门", "件数"],
            "month_headings": ["决定月份", *(name for name, _ in series)],
        },
    )


@require_safe
def chart(request: HttpRequest, name: str) -> HttpResponse:
    """`/statistics/<name>.svg`; the names ending in `-narrow` are for phones."""
    today = clock.today()
    drawing, _, form = name.partition("-")
    narrow = form == "narrow"
    if drawing == "months":
        svg = month_bars(licences_and_penalties(today), narrow=narrow)
    elif drawing == "kinds":
        svg = ranked_bars(_by_kind(today), narrow=narrow)
    elif drawing == "departments":
        svg = ranked_bars(_by_department(today), narrow=narrow)
    else:
        raise NotFound("没有这张图。", "请从统计页查看。")
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")


def _by_kind(today: date) -> Bars:
    counts = effects.counts(PUBLIC, as_at=today)
    return tuple((kind.title, counts.by_type.get(kind.key, 0)) for kind in kinds())


def _by_department(today: date) -> Bars:
    counted = sorted(effects.counts_by_department(PUBLIC, as_at=today), key=lambda one: -one[1])
    return tuple(counted[:DEPARTMENTS_SHOWN])
