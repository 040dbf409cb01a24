"""An officer's answer to the question which severity class a decision belongs to."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.effects.actions.publishing import Publication, publish_records
from xinheng.effects.models import SeverityDecision
from xinheng.people.models import User
from xinheng.register.models import Record, Review, ReviewKind

SEVERITIES = ("轻微", "一般", "严重")


@transaction.atomic
def decide_severity(*, review: int, severity: str, by: User, now: datetime, note: str) -> Publication:
    """Close a severity review with a class and publish what follows from it.

    Conflict when somebody answered first, or when the department has amended the record meanwhile so that
    the question is gone.
    """
    if severity not in SEVERITIES:
        raise WrongUsage(f"失信等级只能是{'、'.join(SEVERITIES)}。")
    question = Review.objects.filter(pk=review, kind=ReviewKind.SEVERITY, region=by.region).first()
    if question is None:
        raise NotFound("没有这一待审事项。", "请从待审列表中选择。")
    closed = Review.objects.filter(pk=review, closed_at=None).update(
        closed_at=now, closed_by=by, outcome="decided", note=note
    )
    if not closed:
        raise Conflict("这一事项已由他人处理。", "请刷新待审列表查看。")
    version = Record.objects.filter(record_no=question.record_no, known_to=None, withdrawn=False).first()
    if version is None:
        raise Conflict("部门已撤回这条记录，无需再确定失信等级。", "请刷新待审列表查看。")
    SeverityDecision.objects.filter(record_no=version.record_no, superseded_at=None).update(superseded_at=now)
    SeverityDecision.objects.create(
        review=question,
        record_no=version.record_no,
        severity=severity,
        penalty_categories=version.penalty_categories,
        procedure=version.procedure,
        stated=version.severity,
        amount_fen=version.amount_fen,
        decided_by=by,
        decided_at=now,
        note=note,
    )
    actor = Actor.of(by)
    record(
        act="effects.decide_severity",
        by=actor,
        now=now,
        region_id=question.region_id,
        object_type="record",
        object_id=str(version.record_no),
        detail={"review": review, "severity": severity},
    )
    return publish_records(record_nos=[version.record_no], today=today(now), now=now, by=actor)
