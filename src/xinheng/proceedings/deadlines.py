"""The deadlines of a case follow from its table: opened on entering a state, closed when met or no longer needed."""

from datetime import date, datetime

from xinheng.base.clock import add_working_days, format_date, today
from xinheng.proceedings.models import Case, CaseEvent, Deadline
from xinheng.proceedings.procedures import DeadlineValue, Procedure, Step


def answer_deadline(case: Case, step: Step, now: datetime) -> str:
    """Close the deadline this step answers; what it was, in words for the event, empty where there is none."""
    found = Deadline.objects.filter(case=case, key=step.deadline, closed_at=None).first() if step.deadline else None
    if found is None:
        return ""
    found.closed_at, found.met = now, today(now) <= found.due_on
    found.save(update_fields=["closed_at", "met"])
    return f"{found.title}，{format_date(found.due_on)}前，{'按时' if found.met else '逾期'}"


def settle_deadlines(case: Case, procedure: Procedure, step: Step, now: datetime) -> None:
    """Bring the deadlines in line with the state the case is in now."""
    wanted = {one.deadline for one in procedure.steps_from(case.state) if one.deadline}
    Deadline.objects.filter(case=case, closed_at=None).exclude(key__in=wanted).update(closed_at=now)
    open_ones = {one.key: one for one in Deadline.objects.filter(case=case, closed_at=None)}
    for key in sorted(wanted - open_ones.keys()):
        _open(case, procedure, key, now)
    if step.extends and step.extends in open_ones:
        _extend(case, procedure, open_ones[step.extends])


def _value(case: Case, procedure: Procedure, key: str) -> DeadlineValue | None:
    rule = procedure.deadline(key)
    return rule.value_at(today(case.opened_at)) if rule else None


def _open(case: Case, procedure: Procedure, key: str, now: datetime) -> None:
    rule, value = procedure.deadline(key), _value(case, procedure, key)
    if rule is None or value is None:
        return
    last = CaseEvent.objects.filter(case=case, event__in=rule.counted_from).order_by("-pk").first()
    if last is None:
        return
    # What was answered once does not run again because a later state knows the same deadline.
    if Deadline.objects.filter(case=case, key=key, met__isnull=False, opened_at__gte=last.at).exists():
        return
    start = today(last.at)
    due = add_working_days(start, value.days)
    Deadline.objects.create(
        case=case,
        key=key,
        title=rule.title,
        counted_from=start,
        days=value.days,
        due_on=due.day,
        warn_on=add_working_days(due.day, -value.warn).day,
        provisional=due.provisional,
        citation=value.citation[:200],
        opened_at=now,
    )


def _extend(case: Case, procedure: Procedure, found: Deadline) -> None:
    value = _value(case, procedure, found.key)
    if value is None or not value.extend:
        return
    due = add_working_days(found.due_on, value.extend)
    found.due_on, found.warn_on = due.day, add_working_days(due.day, -value.warn).day
    found.provisional = found.provisional or due.provisional
    found.extended_by += value.extend
    found.warned_at = found.overdue_told_at = found.escalated_at = None
    found.save()


def due_days(case: Case) -> dict[str, date]:
    """The day each open deadline falls on, by key."""
    return dict(Deadline.objects.filter(case=case, closed_at=None).values_list("key", "due_on"))
