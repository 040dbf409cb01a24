"""Who works on a case: taken, handed over, covered during leave."""

from datetime import date, datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import format_date
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.people.actions import send_message
from xinheng.people.models import User
from xinheng.proceedings.actions.taking import locked, log
from xinheng.proceedings.models import Case, LeaveCover
from xinheng.proceedings.parties import officer_in


@transaction.atomic
def hand_over(*, case: int, to: User, by: User, now: datetime) -> Case:
    """Give a case to an officer of the credit office, oneself included."""
    found = locked(case)
    if "office" not in officer_in(by, found).parties:
        raise NotFound("没有这个案件。", "请从案件列表重新进入。")
    if not to.is_active or "office" not in officer_in(to, found).parties:
        raise Refused(f"{to.display_name}不能办理这个案件。", "请从列表中选择信用办的人员。")
    if found.closed_at is not None:
        raise Conflict("案件已经办结。", "请刷新页面查看。")
    found.assignee = to
    found.save(update_fields=["assignee"])
    if to.pk != by.pk:
        send_message(
            to=to, title=f"案件 {found.number} 交由您办理", text=f"{by.display_name}把案件 {found.number} 交给您。",
            link=f"/desk/cases/{found.pk}", by=Actor.of(by), now=now,
        )  # fmt: skip
    log(found, "case.assign", Actor.of(by), now, {"to": to.username})
    return found


@transaction.atomic
def cover_leave(
    *, officer: User, substitute: User, first_day: date, last_day: date, by: User, now: datetime
) -> LeaveCover:
    """While somebody is away, what her cases send goes to her substitute; the days count inclusively."""
    if {officer.region_id, substitute.region_id} != {by.region_id} or not substitute.is_active:
        raise NotFound("没有这位人员。", "请从列表中选择。")
    if officer.pk == substitute.pk:
        raise Refused("替班的人须是另一人。")
    if last_day < first_day:
        raise Refused("最后一日不能早于第一日。", "请核对日期。")
    made = LeaveCover.objects.create(
        officer=officer, substitute=substitute, first_day=first_day, last_day=last_day, made_by=by, made_at=now
    )
    send_message(
        to=substitute, title=f"请替{officer.display_name}办理案件", link="/desk/cases", by=Actor.of(by), now=now,
        text=f"{format_date(first_day)}至{format_date(last_day)}，{officer.display_name}的案件由您办理。",
    )  # fmt: skip
    record(
        act="case.cover",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="officer",
        object_id=officer.username,
        detail={"substitute": substitute.username, "first": str(first_day), "last": str(last_day)},
    )
    return made
