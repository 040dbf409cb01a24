"""措施任务: what departments are asked to carry out, what they did, who said nothing; and the figures of it."""

from decimal import Decimal
from typing import Literal, cast, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.clock import format_date
from xinheng.base.errors import Conflict, NotFound, Refused, WrongUsage
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.measures import CannotForm, CorrectionForm, FeedbackForm
from xinheng.desk.paging import Filter, address, whole
from xinheng.desk.tables import EXPORTED, Cell, Table, export, number, table
from xinheng.measures import actions
from xinheng.measures.models import OPEN_TASKS, TaskState
from xinheng.measures.queries import Figure, TaskLine, task, task_counts, task_figures, tasks
from xinheng.measures.queries.figures import By
from xinheng.people.permissions import Act

PAGE = 50
Show = Literal["waiting", "late", "accepted", "executed", "cannot", "closed", "wrong"]
SHOWN: dict[Show, str] = {
    "waiting": "待签收",
    "late": "逾期未答复",
    "accepted": "已签收",
    "executed": "已执行",
    "cannot": "不能执行",
    "closed": "措施已终止",
    "wrong": "待纠正",
}
LABELS = {
    TaskState.WAITING: "scheduled",
    TaskState.ACCEPTED: "in_force",
    TaskState.EXECUTED: "done",
    TaskState.CANNOT: "suspended",
    TaskState.CLOSED: "ended",
}
STEPS = ("accept", "feedback", "cannot", "correct")
GROUPED: dict[By, str] = {"measure": "按措施", "department": "按部门", "list": "按名单"}


@officer(Act.READ_MEASURES)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/measure-tasks?show=&after=`: the longest waiting first."""
    show = request.GET.get("show", "")
    wanted = cast(Show, show) if show in get_args(Show) else "waiting"
    exporting = bool(request.GET.get("export"))
    after = None if exporting else whole(request.GET.get("after"))
    found = tasks(visit.scope, show=wanted, as_at=visit.today, after=after, limit=EXPORTED if exporting else PAGE + 1)
    listed = _table(found[: EXPORTED if exporting else PAGE])
    if exporting:
        return export(visit, listed)
    counts, path, given = task_counts(visit.scope, as_at=visit.today), reverse("desk:measure_tasks"), {"show": show}
    context = {
        "table": listed,
        "filters": [
            Filter(label, address(path, {}, show="" if key == "waiting" else key), wanted == key, counts[key])
            for key, label in SHOWN.items()
        ],
        "next_url": address(path, given, after=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": address(path, given) if request.GET.get("after") else "",
        "export_url": address(path, given, export="1") if visit.may(Act.EXPORT_LISTS) else "",
    }
    return render(request, "desk/measure_tasks.html", context)


@officer(Act.READ_MEASURES)
@require_safe
def one(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/measure-tasks/<id>`: what to do now, and what was done."""
    return _page(request, visit, id, FeedbackForm(), CannotForm(), CorrectionForm())


@officer(Act.CARRY_OUT)
@require_POST
def step(request: HttpRequest, visit: Visit, id: int, step: str) -> HttpResponse:
    """Sign for, carry out with feedback, say why not, put right. What was typed stays until it is accepted."""
    if step not in STEPS:
        raise NotFound("没有这一操作。", "请从页面上的按钮选择。")
    feedback = FeedbackForm(request.POST if step == "feedback" else None)
    cannot = CannotForm(request.POST if step == "cannot" else None)
    correction = CorrectionForm(request.POST if step == "correct" else None)
    try:
        if step == "accept":
            actions.accept_task(task=id, by=visit.user, now=visit.now)
            messages.success(request, "已签收。办理相关事项时请执行，并反馈。")
        elif step == "feedback" and feedback.is_valid():
            actions.feed_back(task=id, done=feedback.done(), by=visit.user, now=visit.now)
            messages.success(request, "已登记执行情况。")
        elif step == "cannot" and cannot.is_valid():
            actions.cannot_execute(task=id, reason=cannot.cleaned_data["reason"], by=visit.user, now=visit.now)
            messages.success(request, "已登记不能执行的原因。")
        elif step == "correct" and correction.is_valid():
            actions.put_right(task=id, what=correction.cleaned_data["what"], by=visit.user, now=visit.now)
            messages.success(request, "已登记纠正情况。")
        else:
            return _page(request, visit, id, feedback, cannot, correction)
    except (Conflict, Refused, WrongUsage) as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
        return _page(request, visit, id, feedback, cannot, correction)
    return redirect("desk:measure_task", id)


def _page(
    request: HttpRequest, visit: Visit, id: int, feedback: FeedbackForm, cannot: CannotForm, correction: CorrectionForm
) -> HttpResponse:
    found = task(visit.scope, id, as_at=visit.today)
    mine = visit.may(Act.CARRY_OUT) and found.department_id == visit.user.department_id
    going_on = mine and found.line.state is not TaskState.CLOSED
    context = {
        "found": found,
        "line": found.line,
        "status": LABELS[found.line.state],
        "may_accept": going_on and found.line.state is TaskState.WAITING,
        "may_refuse": going_on and found.line.state in OPEN_TASKS,
        "may_feed_back": going_on and not found.line.resting,
        "feedback": feedback,
        "cannot": cannot,
        "may_correct": mine and found.correction is not None and found.correction.done_at is None,
        "correction": correction,
    }
    return render(request, "desk/measure_task.html", context)


@officer(Act.READ_MEASURES)
@require_safe
def figures(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/measure-figures`: by measure, by department, by list."""
    found = {label: task_figures(visit.scope, by=by, as_at=visit.today) for by, label in GROUPED.items()}
    return render(request, "desk/measure_figures.html", {"tables": [_figures(*one) for one in found.items()]})


def _table(rows: tuple[TaskLine, ...]) -> Table:
    return table(
        "措施任务",
        ("措施", "对象", "执行部门", "措施期间", "状态"),
        (
            (
                Cell(row.measure_title, url=reverse("desk:measure_task", args=[row.id]), note=row.measure_key),
                Cell(row.subject_name, note=row.credit_code),
                Cell(row.department_name),
                Cell(_period(row)),
                _state(row),
            )
            for row in rows
        ),
    )


def _period(row: TaskLine) -> str:
    return f"{format_date(row.starts)}至{format_date(row.last_day) if row.last_day else '移出名单之日'}"


def _state(row: TaskLine) -> Cell:
    if row.resting:
        return Cell("暂停", status="suspended", note="暂停期间不得执行", unbroken=True)
    if row.late:
        return Cell("逾期未答复", status="overdue", note=f"已催办 {row.reminders} 次", unbroken=True)
    note = f"{format_date(row.due_on)}前签收" if row.state is TaskState.WAITING else ""
    return Cell(str(row.state.label), status=LABELS[row.state], note=note, unbroken=True)


def _figures(title: str, rows: tuple[Figure, ...]) -> Table:
    return table(
        title,
        ("", "任务", "待签收", "逾期", "已执行", "不能执行", "已终止", "始终未答复", "执行次数", "涉及金额（元）"),
        (
            (
                Cell(row.title, note=row.key),
                *(
                    number(value)
                    for value in (row.tasks, row.waiting, row.late, row.executed, row.cannot, row.closed, row.silent,
                                  row.feedback)
                ),
                Cell(f"{Decimal(row.amount_fen) / 100:,.2f}", number=True),
            )
            for row in rows
        ),
    )  # fmt: skip
