"""Feedback: what was done about each measure that an answer named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, Refused, WrongUsage
from xinheng.base.masking import find_personal_numbers
from xinheng.checks.models import CheckFeedback, CheckRequest, Outcome


@dataclass(frozen=True)
class Done:
    """What was done about one measure; a measure that was not applied needs a reason in `note`."""

    measure: str
    outcome: str
    note: str = ""
    document_no: str = ""


@transaction.atomic
def give_feedback(
    *, number: str, region_id: int, department_id: int, done: Sequence[Done], by: Actor, now: datetime
) -> int:
    """Note what was done; returns how many measures are noted. Only the department that asked may answer.

    The same again changes nothing, so a call whose answer was lost may be repeated.
    """
    request = CheckRequest.objects.filter(number=number, region_id=region_id, department_id=department_id).first()
    if request is None:
        raise NotFound("没有这个核查编号。", "请核对回执上的编号；只有办理核查的部门可以反馈。")
    if not done:
        raise WrongUsage("请至少反馈一项措施。")
    for one in done:
        _require(one, request)
    with connection.cursor() as cursor:  # the same call sent twice at once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [number])
    fresh = _not_said_yet(number, done, by)
    if not fresh:
        return len(done)
    CheckFeedback.objects.bulk_create(
        CheckFeedback(
            request_number=number,
            measure=one.measure,
            outcome=Outcome(one.outcome),
            note=one.note.strip(),
            document_no=one.document_no.strip(),
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name,
            at=now,
        )
        for one in fresh
    )
    record(
        act="check.feedback", by=by, now=now, region_id=region_id, object_type="check", object_id=number,
        detail={one.measure: one.outcome for one in fresh},
    )  # fmt: skip
    return len(done)


def _not_said_yet(number: str, done: Sequence[Done], by: Actor) -> list[Done]:
    """What differs from the last feedback about each measure: a call may be sent again after a broken line."""
    last = {one.measure: one for one in CheckFeedback.objects.filter(request_number=number).order_by("pk")}
    said = {(one.measure, one.outcome, one.note, one.document_no) for one in last.values() if one.actor_id == by.id}
    return [one for one in done if (one.measure, one.outcome, one.note.strip(), one.document_no.strip()) not in said]


def _require(one: Done, request: CheckRequest) -> None:
    if one.measure not in request.measures:
        raise Refused("这次核查没有列出这项措施。", "只能反馈核查结果中列出的措施。")
    if one.outcome not in Outcome.values:
        raise WrongUsage("反馈结果应为 applied（已采取）或 not_applied（未采取）。")
    if one.outcome == Outcome.NOT_APPLIED and not one.note.strip():
        raise WrongUsage("没有采取措施时请写明原因。")
    if len(one.note) > 300 or len(one.document_no) > 100:
        raise WrongUsage("说明不超过 300 个字，文书号不超过 100 个字。")
    if find_personal_numbers(one.note) or find_personal_numbers(one.document_no):
        raise Refused("反馈中不能写公民身份号码等个人号码。", "请改用办件编号说明。")
