"""The daily look at all deadlines: clock steps that fall due, reminders, overdue marks, escalation. Safe to repeat."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from xinheng.audit.actions import record
from xinheng.base.clock import format_date, today, working_days_between
from xinheng.people.actions import send_message
from xinheng.people.models import Role, User
from xinheng.proceedings.actions.moving import move
from xinheng.proceedings.actions.taking import locked
from xinheng.proceedings.guards import GUARDS, Asked
from xinheng.proceedings.models import Case, Deadline
from xinheng.proceedings.parties import CLOCK, CLOSED_CIRCLE, ONLY_THE_SOURCE
from xinheng.proceedings.procedures import Party, Procedure, Step, procedure_of
from xinheng.proceedings.telling import tell_party

ESCALATED_AFTER = 3
"""Working days overdue after which the leaders are told; the office's own measure, not a provision."""


@dataclass(frozen=True)
class Looked:
    """What one run did."""

    moved: int
    warned: int
    overdue: int
    escalated: int


def daily_look(*, now: datetime) -> Looked:
    """One run over all open cases; each case is a transaction of its own."""
    moved = sum(_clock_step(case, now=now) for case in _open_cases())
    told = [_remind(case, now=now) for case in _open_cases()]
    looked = Looked(moved, *(sum(column) for column in zip(*told, strict=True))) if told else Looked(moved, 0, 0, 0)
    with transaction.atomic():
        record(
            act="case.daily",
            by=CLOCK,
            now=now,
            object_type="case",
            detail={"moved": looked.moved, "warned": looked.warned, "overdue": looked.overdue},
        )
    return looked


def _open_cases() -> list[int]:
    return list(Case.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _clock_step(case_id: int, *, now: datetime) -> int:
    """Take the step that the clock may take today, if there is one."""
    case = locked(case_id)
    procedure = procedure_of(settings.PACK, case.rule_set)
    for step in procedure.steps_from(case.state):
        if "clock" in step.who and _due(case, step, today(now)):
            move(case=case.pk, event=step.event, stated={}, by=None, now=now)
            return 1
    return 0


def _due(case: Case, step: Step, day: date) -> bool:
    if step.guard and GUARDS[step.guard](Asked(case, {}, day)):
        return False
    if not step.deadline:
        return bool(step.guard)
    return Deadline.objects.filter(case=case, key=step.deadline, closed_at=None, due_on__lt=day).exists()


@transaction.atomic
def _remind(case_id: int, *, now: datetime) -> tuple[int, int, int]:
    """Tell whoever must act what falls due, what is overdue, and the leaders what stays so."""
    case = locked(case_id)
    if case.closed_at is not None:
        return (0, 0, 0)
    procedure, day = procedure_of(settings.PACK, case.rule_set), today(now)
    counts = [0, 0, 0]
    for one in Deadline.objects.filter(case=case, closed_at=None, warn_on__lte=day):
        late = working_days_between(one.due_on, day).days
        if late <= 0 and one.warned_at is None:
            _tell(case, procedure, one, f"请在{format_date(one.due_on)}前完成“{one.title}”。", now)
            one.warned_at, counts[0] = now, counts[0] + 1
        if late > 0 and one.overdue_told_at is None:
            _tell(case, procedure, one, f"“{one.title}”应在{format_date(one.due_on)}前完成，现在已经逾期。", now)
            one.overdue_told_at, counts[1] = now, counts[1] + 1
        if late > ESCALATED_AFTER and one.escalated_at is None:
            _tell_leaders(case, procedure, one, late, now)
            one.escalated_at, counts[2] = now, counts[2] + 1
        one.save(update_fields=["warned_at", "overdue_told_at", "escalated_at"])
    return counts[0], counts[1], counts[2]


def _tell(case: Case, procedure: Procedure, one: Deadline, text: str, now: datetime) -> None:
    title = f"{procedure.title} {case.number}：{one.title}"
    for party in sorted(_responsible(case, procedure, one)):
        tell_party(case, party, title=title, text=text, by=CLOCK, now=now)


def _responsible(case: Case, procedure: Procedure, one: Deadline) -> set[Party]:
    """Who can take a step that meets the deadline; for a clock's step whoever may still speak before it."""
    steps = [step for step in procedure.steps_from(case.state) if step.deadline == one.key]
    found: set[Party] = {party for step in steps for party in step.who if party != "clock"}
    if not found:
        waits_for = procedure.state(case.state).waits_for
        found = {waits_for} if waits_for and waits_for != "clock" else set()
    if case.procedure in CLOSED_CIRCLE:
        return found
    if case.procedure in ONLY_THE_SOURCE:
        return {"source" if party == "decider" else party for party in found}
    return {"office" if party == "decider" else party for party in found}


def _tell_leaders(case: Case, procedure: Procedure, one: Deadline, late: int, now: datetime) -> None:
    leaders = User.objects.filter(
        region_id=case.region_id, is_active=True, grants__role=Role.LEADER, grants__revoked_at=None
    ).exclude(pk=case.concerned_id or 0).distinct()  # fmt: skip
    for leader in leaders:
        send_message(
            to=leader,
            title=f"{procedure.title} {case.number} 逾期 {late} 个工作日",
            text=f"“{one.title}”应在{format_date(one.due_on)}前完成，由{procedure.state(case.state).title}阶段办理。",
            link=f"/desk/cases/{case.pk}",
            by=CLOCK,
            now=now,
        )
