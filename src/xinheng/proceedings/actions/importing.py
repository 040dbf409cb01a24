"""Taking over a file of results from the national entrance: row by row, each told whether it was taken."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import XinhengError
from xinheng.people.models import User
from xinheng.proceedings.actions.moving import move
from xinheng.proceedings.models import Case, CaseEvent
from xinheng.proceedings.results import EVENTS, ResultRow, read_results


@dataclass(frozen=True)
class ImportedRow:
    """What became of one row."""

    row: int
    number: str
    result: str
    taken: bool
    why: str
    case_id: int | None


def import_results(*, path: Path, by: User, now: datetime) -> tuple[ImportedRow, ...]:
    """Record each result in its case. A row that does not fit is told and changes nothing; twice the same is safe."""
    rows = tuple(_take(row, by=by, now=now) for row in read_results(path, home=settings.HOME))
    with transaction.atomic():
        record(
            act="case.import",
            by=Actor.of(by),
            now=now,
            region_id=by.region_id,
            object_type="case",
            detail={"rows": len(rows), "taken": sum(one.taken for one in rows)},
        )
    return rows


def _take(row: ResultRow, *, by: User, now: datetime) -> ImportedRow:
    case = _case(row, by)
    if case is None:
        return _told(row, None, "没有找到这个案号或者受理编号的修复案件。")
    if not row.event:
        return _told(row, case, f"“{row.result}”不是认得的结果，只能是：{'、'.join(EVENTS)}。")
    try:
        move(case=case.pk, event=row.event, stated=row.stated, by=by, now=now)
    except XinhengError as refusal:
        return _told(row, case, f"{refusal.message}{refusal.advice}")
    return ImportedRow(row.row, case.number, row.result, True, "", case.pk)


def _case(row: ResultRow, by: User) -> Case | None:
    own = Case.objects.filter(region_id=by.region_id, procedure="repair")
    if row.number:
        return own.filter(number=row.number).first()
    if not row.upper_no:
        return None
    sent = CaseEvent.objects.filter(event="forward", stated__upper_no=row.upper_no, case__in=own.values("pk"))
    found = list(sent.values_list("case_id", flat=True).distinct()[:2])
    return own.filter(pk=found[0]).first() if len(found) == 1 else None


def _told(row: ResultRow, case: Case | None, why: str) -> ImportedRow:
    return ImportedRow(row.row, case.number if case else row.number or row.upper_no, row.result, False, why,
                       case.pk if case else None)  # fmt: skip
