"""Making good: an adverse effect that never should have been, and a publication that should not have ended.

What ended does not reopen. A publication returns as a new effect that names the one it makes good, runs at most to
the same last day, and exists only with the row that says who decided so and why (migration 0009).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today as day_of
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.effects.actions.ending import end_effects
from xinheng.effects.actions.publishing import publish_restored
from xinheng.effects.actions.retracting import tell_restored, tell_wrong
from xinheng.effects.models import MEASURES, Change, Effect, EffectChange, EndReason, Kind
from xinheng.people.models import User
from xinheng.register.models import Gate, Record, Review, ReviewKind

NOTHING_LEFT = frozenset({"expired", "not_published"})
"""Outcomes of judging after which nothing returns, and nothing is wrong with that."""


@dataclass(frozen=True)
class Undone:
    """How many effects ended as never justified, and how many recipients were told to put things right."""

    ended: int
    told: int


@dataclass(frozen=True)
class Returned:
    """Whether the record is public again, and how many former recipients were told."""

    published: bool
    told: int


@transaction.atomic
def undo_effects(*, record_no: int, effect_ids: Sequence[int], why: str, by: Actor, now: datetime) -> Undone:
    """End effects of a record as never justified, and tell everybody who ever had it to remove it and put right
    what was done on it, also where they ended or ran out before. Repeating it tells nobody twice.
    """
    today = day_of(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM effects_retraction WHERE written_at = %s AND cause = 'wrong'", [now])
        before = int(cursor.fetchone()[0])
        ended = end_effects(effect_ids=effect_ids, reason=EndReason.UNFOUNDED, why=why, by=by, now=now, today=today)
        versions = Record.objects.filter(record_no=record_no).values("pk")
        _note_annulled(Effect.objects.filter(record_id__in=versions), why=why, by=by, now=now)
        tell_wrong(cursor, record_no, now=now, today=today)
        cursor.execute("SELECT count(*) FROM effects_retraction WHERE written_at = %s AND cause = 'wrong'", [now])
        told = int(cursor.fetchone()[0]) - before
    _log("effects.undo", record_no, by, now, {"ended": ended, "told": told})
    return Undone(ended, told)


@transaction.atomic
def undo_measures(*, effect_ids: Sequence[int], why: str, by: Actor, now: datetime) -> int:
    """End measures as never justified, and nothing else of their record; how many were still in force."""
    found = Effect.objects.filter(pk__in=effect_ids, kind__in=MEASURES)
    if found.count() != len(set(effect_ids)):
        raise NotFound("没有这项措施。", "请从任务或者告知书进入。")
    ended = end_effects(effect_ids=effect_ids, reason=EndReason.UNFOUNDED, why=why, by=by, now=now, today=day_of(now))
    _note_annulled(found, why=why, by=by, now=now)
    return ended


@transaction.atomic
def publish_again(*, record_no: int, why: str, by: User, now: datetime) -> Returned:
    """Let a record return to the public for what is left of its lawful period, by a new effect.

    Conflict when it is public, or a decision let it return already; NotFound when nothing of it ever ended. Nothing
    returns when the period is over by now.
    """
    today, actor = day_of(now), Actor.of(by)
    ended = _ended(record_no, today)
    if ended.ended_at is None or (ended.ends is not None and ended.ends <= today):
        return Returned(False, 0)
    version = Record.objects.select_for_update().get(record_no=record_no, known_to=None)
    if version.withdrawn:
        raise Refused("报送部门已经撤回这条记录。", "请由报送部门重新报送，审核后公示。")
    _let_in(version, why=why, by=by, now=now)
    _note(ended.pk, Change.RESTORED, why=why, by=actor, now=now)
    made = publish_restored(record_no=record_no, restores=ended.pk, today=today, now=now)
    if not made.published and not NOTHING_LEFT & set(made.unpublished):
        raise Refused("按现行的公示规则不能确定公示期，不能恢复公示。", "请先确定失信等级，或者核对规则包。")
    told = 0
    if made.published:
        with connection.cursor() as cursor:
            told = tell_restored(cursor, record_no, ended.pk, now=now, today=today)
    _log("effects.restore", record_no, actor, now, {"published": made.published, "told": told})
    return Returned(bool(made.published), told)


@transaction.atomic
def list_again(*, record_no: int, why: str, by: User, now: datetime) -> bool:
    """Decide that an entry should not have left its list; whether there is time left for it.

    The engine then lists it by the rules of that day, at most to the same last day, and announces what follows anew:
    nothing of that returns before its notice is served again. Conflict when it stands or returned already.
    """
    today, actor = day_of(now), Actor.of(by)
    ended = _ended(record_no, today, Kind.LISTING)
    if ended.ended_at is None or (ended.ends is not None and ended.ends <= today):
        return False
    version = Record.objects.select_for_update().get(record_no=record_no, known_to=None)
    if version.withdrawn:
        raise Refused("认定单位已经撤回这条信息。", "请由认定单位重新报送，审核后恢复。")
    if EffectChange.objects.filter(effect_id=ended.pk, change=Change.RESTORED).exists():
        raise Conflict("这条信息的恢复已经决定。")
    _let_in(version, why=why, by=by, now=now)
    _note(ended.pk, Change.RESTORED, why=why, by=actor, now=now)
    _log("effects.list_again", record_no, actor, now, {"listing": ended.pk})
    return True


def _ended(record_no: int, today: date, kind: Kind = Kind.PUBLICATION) -> Effect:
    """The newest of its kind, held until the end of the transaction; none of the record may be alive."""
    versions = Record.objects.filter(record_no=record_no).values("pk")
    found = list(
        Effect.objects.select_for_update()
        .filter(kind=kind, record_id__in=versions)
        .exclude(end_reason=EndReason.CORRECTED)
        .order_by("-pk")
    )
    if not found:
        raise NotFound(f"这条信息没有{'公示' if kind is Kind.PUBLICATION else '列入'}过。", "请核对是哪一条信息。")
    alive = any(one.ended_at is None and (one.ends is None or one.ends > today) for one in found)
    if alive or Effect.objects.filter(restores_id=found[0].pk).exists():
        what = "公示" if kind is Kind.PUBLICATION else "列入"
        raise Conflict(f"这条信息没有提前终止{what}，或者已经恢复过。", "请刷新页面查看。")
    return found[0]


def _let_in(version: Record, *, why: str, by: User, now: datetime) -> None:
    """A version that was sent again meanwhile waits as returned; the decision answers that question."""
    if version.gate == Gate.RETURNED:
        Review.objects.filter(record_no=version.record_no, kind=ReviewKind.RETURNED, closed_at=None).update(
            closed_at=now, closed_by=by, outcome="accepted", note=why[:300]
        )
        Record.objects.filter(pk=version.pk, gate=Gate.RETURNED).update(gate=Gate.OPEN)


def _note_annulled(effects: QuerySet[Effect], *, why: str, by: Actor, now: datetime) -> None:
    """What had ended or run out before: a row says that it never should have been."""
    gone = effects.exclude(end_reason__in=(EndReason.CORRECTED, EndReason.UNFOUNDED))
    said = set(
        EffectChange.objects.filter(effect_id__in=gone.values("pk"), change=Change.ANNULLED).values_list(
            "effect_id", flat=True
        )
    )
    for number in gone.order_by("pk").values_list("pk", flat=True):
        if number not in said:
            _note(number, Change.ANNULLED, why=why, by=by, now=now)


def _note(effect: int, change: Change, *, why: str, by: Actor, now: datetime) -> None:
    EffectChange.objects.create(
        effect_id=effect,
        change=change,
        at=now,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        reason=why[:300],
    )


def _log(act: str, record_no: int, by: Actor, now: datetime, detail: dict[str, object]) -> None:
    record(act=act, by=by, now=now, object_type="record", object_id=str(record_no), detail=detail)
