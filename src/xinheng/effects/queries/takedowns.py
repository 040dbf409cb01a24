"""Emergency take-downs, for officers."""

from dataclasses import dataclass
from datetime import datetime

from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.effects.models import Takedown
from xinheng.people.models import Region
from xinheng.register.models import Record
from xinheng.register.references import record_ref


@dataclass(frozen=True)
class TakedownSummary:
    """One take-down and where it stands; `state` in words, names of officers as displayed."""

    id: int
    record_no: int
    ref: str
    subject_name: str
    decision_no: str
    reason: str
    state: str
    proposed_by: str
    proposed_by_id: int
    proposed_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    lift_reason: str
    lift_proposed_by: str
    lift_proposed_by_id: int | None
    lifted_by: str
    lifted_at: datetime | None


def takedowns(scope: Scope, *, open_only: bool = True, limit: int = 50) -> tuple[TakedownSummary, ...]:
    """Take-downs of the caller's region, newest first."""
    if scope.public:
        raise Refused("此项信息不对外公开。")
    rows = Takedown.objects.select_related("proposed_by", "confirmed_by", "lift_proposed_by", "lifted_by")
    if scope.region is not None:
        rows = rows.filter(region_id__in=Region.objects.filter(code=scope.region).values_list("id"))
    if open_only:
        rows = rows.filter(lifted_at=None)
    found = list(rows.order_by("-id")[:limit])
    records = {
        row.record_no: row
        for row in Record.objects.filter(record_no__in=[one.record_no for one in found], known_to=None)
    }
    return tuple(_summary(row, records[row.record_no]) for row in found)


def _summary(row: Takedown, record: Record) -> TakedownSummary:
    return TakedownSummary(
        id=row.pk,
        record_no=row.record_no,
        ref=record_ref(row.record_no),
        subject_name=record.subject_name,
        decision_no=record.decision_no,
        reason=row.reason,
        state=_state(row),
        proposed_by=row.proposed_by.display_name,
        proposed_by_id=row.proposed_by_id,
        proposed_at=row.proposed_at,
        confirmed_by=row.confirmed_by.display_name if row.confirmed_by else "",
        confirmed_at=row.confirmed_at,
        lift_reason=row.lift_reason,
        lift_proposed_by=row.lift_proposed_by.display_name if row.lift_proposed_by else "",
        lift_proposed_by_id=row.lift_proposed_by_id,
        lifted_by=row.lifted_by.display_name if row.lifted_by else "",
        lifted_at=row.lifted_at,
    )


def _state(row: Takedown) -> str:
    if row.lifted_at:
        return "已恢复公示"
    if row.lift_proposed_at:
        return "已提出恢复，待另一人确认"
    return "已撤下" if row.confirmed_at else "已提出，待另一人确认"
