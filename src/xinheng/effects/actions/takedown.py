"""Emergency take-down of one record from every public door, and its return: each needs two persons."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused, WrongUsage
from xinheng.effects.actions.suspending import resume_effects, suspend_effects
from xinheng.effects.models import Effect, Kind, Takedown
from xinheng.people.models import User
from xinheng.register.models import Record


@transaction.atomic
def propose_takedown(*, record_no: int, reason: str, by: User, now: datetime) -> Takedown:
    """Ask for a record to be taken down; it stays public until another person confirms."""
    if not reason.strip():
        raise WrongUsage("请写明撤下的原因。")
    version = Record.objects.filter(record_no=record_no, known_to=None, region=by.region).first()
    if version is None:
        raise NotFound("没有这条记录。", "请从记录页面重新进入。")
    if Takedown.objects.select_for_update().filter(record_no=record_no, lifted_at=None).exists():
        raise Conflict("这条记录已有紧急撤下的申请。", "请查看已有的申请。")
    takedown = Takedown.objects.create(
        region_id=version.region_id, record_no=record_no, reason=reason, proposed_by=by, proposed_at=now
    )
    _log("takedown.propose", takedown, by, now)
    return takedown


@transaction.atomic
def confirm_takedown(*, takedown: int, by: User, now: datetime) -> Takedown:
    """Take the record down, now. The person who proposed it cannot confirm it."""
    proposal = _find(takedown, by)
    if proposal.proposed_by_id == by.pk:
        raise Refused("提出和确认须为不同的人。", "请由另一名有权限的人员确认。")
    changed = Takedown.objects.filter(pk=takedown, confirmed_at=None, lifted_at=None).update(
        confirmed_by=by, confirmed_at=now
    )
    if not changed:
        raise Conflict("这一申请已由他人处理。", "请刷新页面查看。")
    effects = Effect.objects.filter(
        kind=Kind.PUBLICATION,
        ended_at=None,
        record_id__in=Record.objects.filter(record_no=proposal.record_no).values_list("id"),
    ).values_list("id", flat=True)
    suspend_effects(
        effect_ids=list(effects),
        cause=proposal.cause,
        hides=True,
        reason=proposal.reason,
        by=Actor.of(by),
        now=now,
        today=today(now),
    )
    _log("takedown.confirm", proposal, by, now)
    return _find(takedown, by)


@transaction.atomic
def lift_takedown(*, takedown: int, reason: str, by: User, now: datetime) -> Takedown:
    """Ask for a record that was taken down to return; another person must confirm."""
    if not reason.strip():
        raise WrongUsage("请写明恢复公示的原因。")
    found = _find(takedown, by)
    changed = Takedown.objects.filter(
        pk=takedown, confirmed_at__isnull=False, lift_proposed_at=None, lifted_at=None
    ).update(lift_proposed_by=by, lift_proposed_at=now, lift_reason=reason)
    if not changed:
        raise Conflict("这条记录不在撤下状态，或者已有人提出恢复。", "请刷新页面查看。")
    _log("takedown.propose_lift", found, by, now)
    return _find(takedown, by)


@transaction.atomic
def confirm_lift(*, takedown: int, by: User, now: datetime) -> Takedown:
    """Let the record return for what is left of its period. The person who asked for it cannot confirm it."""
    found = _find(takedown, by)
    if found.lift_proposed_by_id == by.pk:
        raise Refused("提出和确认须为不同的人。", "请由另一名有权限的人员确认。")
    changed = Takedown.objects.filter(pk=takedown, lift_proposed_at__isnull=False, lifted_at=None).update(
        lifted_by=by, lifted_at=now
    )
    if not changed:
        raise Conflict("没有待确认的恢复申请。", "请刷新页面查看。")
    resume_effects(cause=found.cause, reason=found.lift_reason, by=Actor.of(by), now=now, today=today(now))
    _log("takedown.confirm_lift", found, by, now)
    return _find(takedown, by)


def _find(takedown: int, by: User) -> Takedown:
    found = Takedown.objects.filter(pk=takedown, region_id=by.region_id).first()
    if found is None:
        raise NotFound("没有这一申请。", "请从待办列表中选择。")
    return found


def _log(act: str, takedown: Takedown, by: User, now: datetime) -> None:
    record(
        act=act,
        by=Actor.of(by),
        now=now,
        region_id=takedown.region_id,
        object_type="record",
        object_id=str(takedown.record_no),
        detail={"takedown": takedown.pk},
    )
