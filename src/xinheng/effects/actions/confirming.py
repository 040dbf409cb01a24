"""What recipients and officers say about retractions: removed, or still seen in use."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused, WrongUsage
from xinheng.effects.deadlines import acknowledge_by
from xinheng.effects.models import Confirming, Recipient, Retraction, Step
from xinheng.people.models import User
from xinheng.people.queries import ClientSummary
from xinheng.register.models import Record


@transaction.atomic
def acknowledge_retraction(*, retraction: int, version: int, client: ClientSummary, now: datetime) -> Retraction:
    """A program says that it removed the version it names.

    NotFound for somebody else's retraction, Refused for another version than the one retracted, Conflict when it
    was confirmed before.
    """
    found = Retraction.objects.filter(pk=retraction, recipient__client_id=client.id).first()
    if found is None:
        raise NotFound("没有这一撤回通知。", "请使用撤回通知列表给出的编号。")
    removed = Record.objects.values_list("version", flat=True).get(pk=found.record_id)
    if version != removed:
        raise Refused(f"确认停用的版本不对：通知要求停用第 {removed} 版。", "请核对本方保存的版本，停用后再确认。")
    _step([retraction], Step.ACKNOWLEDGED, by=client.actor, now=now, note="")
    if not Retraction.objects.filter(pk=retraction, confirmed_at=None).update(confirmed_at=now):
        raise Conflict("这一撤回通知此前已经确认。", "无需重复确认。")
    _log("retraction.acknowledge", found.recipient, [retraction], client.actor, now)
    return Retraction.objects.get(pk=retraction)


@transaction.atomic
def confirm_in_writing(*, recipient: int, retractions: Sequence[int] | None, note: str, by: User, now: datetime) -> int:
    """Note the written confirmation of a recipient without a program, for some or (None) all its open retractions.

    `note` names the letter. Returns how many were open.
    """
    if not note.strip():
        raise WrongUsage("请写明书面确认的来文、日期和文号。")
    found = Recipient.objects.filter(pk=recipient, region=by.region).first()
    if found is None:
        raise NotFound("没有这个接收方。", "请从撤回回执页面重新进入。")
    if found.confirming != Confirming.IN_WRITING:
        raise Refused("这个接收方须用自己的密钥通过接口确认。", "请联系该接口程序的负责人。")
    opened = Retraction.objects.filter(recipient=found, confirmed_at=None)
    if retractions is not None:
        opened = opened.filter(pk__in=list(retractions))
    numbers = list(opened.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not numbers:
        raise Conflict("没有待确认的撤回。", "请刷新页面查看。")
    _step(numbers, Step.CONFIRMED, by=Actor.of(by), now=now, note=note.strip()[:300])
    Retraction.objects.filter(pk__in=numbers).update(confirmed_at=now)
    _log("retraction.confirm", found, numbers, Actor.of(by), now)
    return len(numbers)


@transaction.atomic
def report_still_held(*, retraction: int, evidence: str, by: User, now: datetime) -> Retraction:
    """An officer saw the copy in use after its recipient had confirmed; the retraction is open again."""
    if not evidence.strip():
        raise WrongUsage("请写明在哪里、何时看到仍在使用。")
    found = Retraction.objects.filter(pk=retraction, recipient__region=by.region).first()
    if found is None:
        raise NotFound("没有这一撤回。", "请从撤回回执页面重新进入。")
    _step([retraction], Step.STILL_HELD, by=Actor.of(by), now=now, note=evidence.strip()[:300])
    reopened = Retraction.objects.filter(pk=retraction, confirmed_at__isnull=False).update(
        confirmed_at=None, contested=True, due_on=acknowledge_by(today(now))
    )
    if not reopened:
        raise Conflict("接收方还没有确认过这一撤回。", "未确认的撤回会自动催办。")
    _log("retraction.still_held", found.recipient, [retraction], Actor.of(by), now)
    return Retraction.objects.get(pk=retraction)


def _step(retractions: Sequence[int], step: Step, *, by: Actor, now: datetime, note: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO effects_retractionstep (retraction_id, step, at, actor_kind, actor_id, actor_name, note)
            SELECT unnest(%s::bigint[]), %s, %s, %s, %s, %s, %s
            """,
            [list(retractions), step.value, now, by.kind, by.id, by.name, note],
        )


def _log(act: str, recipient: Recipient, retractions: list[int], by: Actor, now: datetime) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=recipient.region_id,
        object_type="retraction",
        object_id=",".join(str(number) for number in retractions[:5]),
        detail={"recipient": recipient.pk, "retractions": len(retractions)},
    )
