"""The first page of the desk: what waits for me, each number leading to its queue."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinheng.desk.access import Visit, officer
from xinheng.desk.queries import Waiting, waiting
from xinheng.intake.queries import DeliverySummary, deliveries
from xinheng.people.permissions import Act
from xinheng.people.second_factor import factor_in_use
from xinheng.proceedings.parties import parties_of
from xinheng.proceedings.queries import open_counts
from xinheng.register.models import ReviewKind

LATEST = 6


@dataclass(frozen=True)
class Work:
    """One queue with what waits in it."""

    title: str
    note: str
    count: int
    url: str


@officer()
@require_safe
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/`"""
    found = waiting(visit.scope, user_id=visit.user.pk, now=visit.now)
    work = [*_own(visit, found), *_cases(visit), *_to_decide(visit, found)]
    latest: tuple[DeliverySummary, ...] = ()
    if visit.may(Act.READ_RECEIPTS):
        latest = deliveries(visit.scope, limit=LATEST)
    return render(
        request,
        "desk/start.html",
        {
            "work": [one for one in work if one.count],
            "idle": [one for one in work if not one.count],
            "latest": latest,
            "offer_factor": factor_in_use(visit.user) is None,
            "roles": [role.label for role in sorted(visit.user.roles)],
            "department": visit.user.department.name,
        },
    )


def _own(visit: Visit, found: Waiting) -> list[Work]:
    if not visit.may(Act.SUBMIT):
        return []
    listed = reverse("desk:deliveries")
    return [
        Work("列名待确认", "文件里有认不出的列，选定后继续", found.to_map, f"{listed}?state=mapping"),
        Work("未能接收的文件", "近 30 天，看说明后重新报送", found.refused, f"{listed}?state=refused"),
        Work("有行需要改正", "近 30 天我报送的批次", found.to_correct, f"{reverse('desk:batches')}?show=mine"),
    ]


def _cases(visit: Visit) -> list[Work]:
    if not visit.may(Act.READ_CASES):
        return []
    counts = open_counts(visit.scope, parties=parties_of(visit.user), user_id=visit.user.pk, today=visit.today)
    path = reverse("desk:cases")
    return [
        Work("等我办理的案件", "异议、信用修复", counts.waiting, path),
        Work("已逾期的案件", "期限已过，还没有办理", counts.overdue, f"{path}?show=overdue"),
        Work("案件待第二人确认", "另一人提出的不利决定", counts.to_confirm, f"{path}?show=open"),
    ]


def _to_decide(visit: Visit, found: Waiting) -> list[Work]:
    work = []
    if visit.may(Act.RELEASE_BATCH):
        work.append(Work("待放行的批次", "部门设定为公示前审核", found.held, f"{reverse('desk:batches')}?show=held"))
    if visit.may(Act.READ_REVIEWS):
        work += [
            Work(str(kind.label), "待审事项", found.reviews[kind.value], f"{reverse('desk:reviews')}?kind={kind.value}")
            for kind in ReviewKind
        ]
    if visit.may(Act.CONFIRM_TAKEDOWN):
        work.append(Work("待第二人确认", "紧急撤下或恢复公示", found.takedowns, reverse("desk:takedowns")))
    return work
