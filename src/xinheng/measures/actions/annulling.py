"""A measure that never should have been: ended, told, and put right by whoever carried it out."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.base.masking import mask_text
from xinheng.effects.actions import undo_measures
from xinheng.effects.models import MEASURES, Change, Effect, EffectChange, EndReason
from xinheng.measures.engine import work_through
from xinheng.measures.models import Correction
from xinheng.people.models import User
from xinheng.register.models import Record


@transaction.atomic
def annul_measure(*, effect: int, reason: str, by: User, now: datetime) -> int:
    """Find that one measure was wrong from the beginning while its entry stands; how many corrections were asked for.

    One person may, because it only takes a burden away. It does not come back by itself. Also for one that ended.
    """
    if not reason.strip():
        raise WrongUsage("请写明理由，并写上异议、投诉的案号或者决定的文书号。")
    found = Effect.objects.select_for_update().filter(pk=effect, region_id=by.region_id, kind__in=MEASURES).first()
    if found is None or found.record_id is None:
        raise NotFound("没有这项措施。", "请从任务或者告知书进入。")
    if found.end_reason == EndReason.UNFOUNDED or _annulled(effect):
        raise Conflict("这项措施已经认定自始不当。", "请刷新页面查看。")
    undo_measures(effect_ids=[effect], why=mask_text(reason.strip())[:300], by=Actor.of(by), now=now)
    record(
        act="measures.annul",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="measure",
        object_id=str(effect),
        detail={"subject": found.subject_no},
    )
    number = Record.objects.values_list("record_no", flat=True).get(pk=found.record_id)
    work_through(record_nos=[number], now=now)
    return Correction.objects.filter(task__effect_id=effect).count()


@transaction.atomic
def put_right(*, task: int, what: str, by: User, now: datetime) -> Correction:
    """The department says how it put right what it did; once."""
    if not what.strip():
        raise WrongUsage("请写明怎样纠正的。")
    asked = Correction.objects.select_for_update().filter(task=task, task__department=by.department_id).first()
    if asked is None:
        raise NotFound("没有要求纠正这项任务。", "请从“措施任务”页选择。")
    changed = Correction.objects.filter(pk=asked.pk, done_at=None).update(
        done_at=now, done_by=by, what=mask_text(what.strip())[:500]
    )
    if not changed:
        raise Conflict("这项纠正已经登记。", "请刷新页面查看。")
    record(
        act="measures.put_right",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="task",
        object_id=str(task),
    )
    asked.refresh_from_db()
    return asked


def _annulled(effect: int) -> bool:
    return EffectChange.objects.filter(effect_id=effect, change=Change.ANNULLED).exists()
