"""What a department does on its tasks: sign for, carry out, say why not; and the daily look at who said nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import add_working_days, format_date, today
from xinheng.base.errors import Conflict, NotFound, Refused, WrongUsage
from xinheng.base.masking import mask_text
from xinheng.effects.models import Effect, Suspension
from xinheng.measures.models import OPEN_TASKS, Feedback, MeasureTask, Step, TaskState, TaskStep
from xinheng.people.actions import send_message
from xinheng.people.models import Department, User

_CHASER = Actor.system("措施催办")
REMIND_EVERY = 5
"""Working days between two reminders of the same task."""


@dataclass(frozen=True)
class Done:
    """How a measure was carried out once: when, in which matter, for what amount, by which document."""

    done_on: date
    item: str
    amount_fen: int | None = None
    document_no: str = ""
    note: str = ""


@transaction.atomic
def accept_task(*, task: int, by: User, now: datetime) -> MeasureTask:
    """The department has seen the task and will carry the measure out where the matter comes up."""
    found = _find(task, by)
    _move(found, (TaskState.WAITING,), TaskState.ACCEPTED, Step.ACCEPT, "", by=by, now=now)
    return _find(task, by)


@transaction.atomic
def feed_back(*, task: int, done: Done, by: User, now: datetime) -> Feedback:
    """The measure was applied in one matter. May be said again for the next matter.

    Refused while the measure rests, for a day on which it was not in force or rested, and for a negative amount.
    """
    found = _find(task, by)
    if not done.item.strip():
        raise WrongUsage("请写明在哪个事项中执行。")
    if done.amount_fen is not None and done.amount_fen < 0:
        raise WrongUsage("金额不能小于零。", "没有涉及金额的，请留空。")
    if done.done_on > today(now):
        raise Refused("执行日期不能晚于今天。")
    if found.state == TaskState.CLOSED:
        raise Conflict("这项措施已经终止，不得再执行。", "此前已执行而未反馈的，请联系信用办登记。")
    if Suspension.objects.filter(effect_id=found.effect_id, hides=True, resumed_at=None).exists():
        raise Refused("这项措施正在暂停（异议处理中），不得执行。", "恢复后会再通知。")
    _refuse_out_of_force(found, done.done_on)
    if found.state != TaskState.EXECUTED:
        before = (*OPEN_TASKS, TaskState.CANNOT)
        _move(found, before, TaskState.EXECUTED, Step.EXECUTE, done.item, by=by, now=now)
    return Feedback.objects.create(
        task=found,
        done_on=done.done_on,
        item=mask_text(done.item.strip())[:200],
        amount_fen=done.amount_fen,
        document_no=mask_text(done.document_no.strip())[:128],
        note=mask_text(done.note.strip())[:500],
        noted_at=now,
        noted_by=by,
    )


@transaction.atomic
def cannot_execute(*, task: int, reason: str, by: User, now: datetime) -> MeasureTask:
    """The department cannot carry the measure out, and says why."""
    if not reason.strip():
        raise WrongUsage("请写明不能执行的原因。")
    found = _find(task, by)
    _move(found, OPEN_TASKS, TaskState.CANNOT, Step.CANNOT, reason, by=by, now=now)
    return _find(task, by)


@transaction.atomic
def chase_tasks(*, now: datetime) -> int:
    """Remind of every unanswered task whose day has passed; how many. Repeating it the same day does nothing."""
    day = today(now)
    late = MeasureTask.objects.select_for_update().filter(state=TaskState.WAITING, due_on__lt=day)
    before = add_working_days(day, -REMIND_EVERY).day
    due = [one for one in late.order_by("pk") if one.reminded_on is None or one.reminded_on <= before]
    counts = Counter(one.department_id for one in due)
    for one in due:
        one.reminders, one.reminded_on = min(one.reminders + 1, 30000), day
    MeasureTask.objects.bulk_update(due, ["reminders", "reminded_on"], batch_size=2000)
    TaskStep.objects.bulk_create(
        (_step(one, Step.REMIND, "逾期未签收", by=_CHASER, now=now) for one in due), batch_size=2000
    )
    for department in Department.objects.filter(pk__in=counts).order_by("pk"):
        send_message(
            to=department, title=f"有 {counts[department.pk]} 项措施任务逾期未答复",
            text="请签收，或者说明不能执行的原因。逾期情况计入统计。", link="/desk/measure-tasks?show=late", by=_CHASER,
            now=now,
        )  # fmt: skip
    if due:
        record(act="measures.chase", by=_CHASER, now=now, object_type="day", object_id=day.isoformat(),
               detail={"tasks": len(due)})  # fmt: skip
    return len(due)


def _refuse_out_of_force(task: MeasureTask, done_on: date) -> None:
    """What was done before the measure began, after its last day or while it rested had no ground."""
    effect = Effect.objects.get(pk=task.effect_id)
    if effect.starts is None or done_on < effect.starts:
        begins = f"自{format_date(effect.starts)}起执行" if effect.starts else "还没有开始执行"
        raise Refused(f"这项措施{begins}，填写的日期尚无执行的依据。", "请核对执行日期；已经提前执行的，请先纠正。")
    if effect.ends is not None and done_on >= effect.ends:
        raise Refused(f"这项措施执行到{format_date(effect.ends - timedelta(days=1))}为止。", "请核对执行日期。")
    rests = Suspension.objects.filter(effect_id=effect.pk, hides=True)
    if any(today(one.suspended_at) < done_on and (one.resumed_at is None or done_on < today(one.resumed_at))
           for one in rests):  # fmt: skip
        raise Refused("这项措施在那一天处于暂停中，不得执行。", "请核对执行日期；确已执行的，请先纠正。")


def _move(
    task: MeasureTask, before: tuple[TaskState, ...], after: TaskState, step: Step, note: str, *, by: User,
    now: datetime,
) -> None:  # fmt: skip
    changed = MeasureTask.objects.filter(pk=task.pk, state__in=before).update(
        state=after, answered_at=task.answered_at or now
    )
    if not changed:
        raise Conflict("这项任务已由他人处理，或者措施已经终止。", "请刷新页面查看。")
    _step(task, step, mask_text(note.strip()), by=Actor.of(by), now=now).save()
    record(
        act=f"measures.{step.value}",
        by=Actor.of(by),
        now=now,
        region_id=task.region_id,
        object_type="task",
        object_id=str(task.pk),
        detail={"effect": task.effect_id},
    )


def _step(task: MeasureTask, step: Step, note: str, *, by: Actor, now: datetime) -> TaskStep:
    return TaskStep(
        task=task, step=step, at=now, actor_kind=by.kind, actor_id=by.id, actor_name=by.name, note=note[:500]
    )


def _find(task: int, by: User) -> MeasureTask:
    """The task of the officer's own department, held until the end of the transaction."""
    found = MeasureTask.objects.select_for_update().filter(pk=task, department=by.department_id).first()
    if found is None:
        raise NotFound("没有这项任务。", "请从“措施任务”页选择。")
    return found
