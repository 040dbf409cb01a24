"""Releasing a batch that its department lets a person see before publication."""

from datetime import date, datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, NotFound
from xinheng.effects.actions.publishing import Publication, publish_batch
from xinheng.ledger.models import Batch
from xinheng.people.models import User
from xinheng.register.models import Gate, Record


@transaction.atomic
def release_batch(*, batch_no: int, by: User, now: datetime, today: date) -> Publication:
    """Open the gate of a held batch and publish what the rules allow.

    Conflict when it is not held or somebody released it first.
    """
    batch = Batch.objects.filter(number=batch_no, region=by.region).first()
    if batch is None:
        raise NotFound(f"没有批次 {batch_no}。", "请从批次列表中选择。")
    changed = Batch.objects.filter(pk=batch.pk, held=True, released_at=None).update(released_at=now, released_by=by)
    if not changed:
        raise Conflict("这一批次不在待审状态，或者已由他人放行。", "请刷新批次列表查看。")
    opened = Record.objects.filter(batch_no=batch_no, gate=Gate.HELD, known_to=None).update(gate=Gate.OPEN)
    actor = Actor.of(by)
    record(
        act="effects.release",
        by=actor,
        now=now,
        region_id=batch.region_id,
        object_type="batch",
        object_id=str(batch_no),
        detail={"records": opened},
    )
    return publish_batch(batch_no=batch_no, region_id=batch.region_id, today=today, now=now, by=actor)
