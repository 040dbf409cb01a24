"""Writing a commitment or a finding into the ledger: through intake, as any other statement."""

from collections.abc import Mapping
from datetime import datetime

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.commitments.rules import COMMITMENT
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.actions.single import problems_of, submit_single
from xinheng.intake.models import DeliveryState
from xinheng.ledger.models import Channel
from xinheng.people.models import Department, User
from xinheng.register.models import Record


def write(
    type: str, row: Mapping[str, str], operation: str, *, entry: str, department: Department, by: Actor,
    user: User | None, now: datetime,
) -> int | None:  # fmt: skip
    """Send one row in the department's name; the number of its record, None where nothing new came of it.

    Refused with the words of intake when the row did not go in.
    """
    delivery = submit_single(
        type=type,
        values=row,
        operation=operation,
        entry=entry,
        sender=Sender(department, Channel.FORM, by, user, from_case=True),
        clock=lambda: now,
    )
    scope = Scope(region=department.region.code)
    problems = "".join(one.message for one in problems_of(scope, delivery) if one.level == "error")
    if delivery.state != DeliveryState.DONE or problems:
        raise Refused(f"没有能够收入：{problems or delivery.message}", "请改正后再提交，或者联系信用办。")
    batch = delivery.batch
    found = Record.objects.filter(type=type, batch_no=batch.number).first() if batch else None
    return found.record_no if found else None


def standing(record_no: int) -> Record:
    """The open version of a commitment's record; NotFound when there is none, Refused when it was taken back."""
    found = Record.objects.select_related("department", "region").filter(
        record_no=record_no, known_to=None, type=COMMITMENT
    ).first()  # fmt: skip
    if found is None:
        raise NotFound("没有这份承诺。", "请从“信用承诺”页重新进入。")
    if found.withdrawn:
        raise Refused("这份承诺已经终止。", "请刷新页面查看。")
    return found


def log(act: str, number: str, region_id: int, *, by: Actor, now: datetime, detail: Mapping[str, object]) -> None:
    """The audit event of a commitment, by its number."""
    record(
        act=act, by=by, now=now, region_id=region_id, object_type="commitment", object_id=number, detail=dict(detail)
    )
