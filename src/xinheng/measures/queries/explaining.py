"""Why a measure applies: from the effect up to provision, notice, service, decision, batch, file and row."""

from dataclasses import replace
from datetime import date

from xinheng.base.clock import format_date, today
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.effects.models import (
    MEASURES,
    Change,
    Effect,
    EffectChange,
    EndReason,
    MeasureTerms,
    Service,
    ServiceMethod,
)
from xinheng.effects.queries import WhyNode
from xinheng.effects.queries.explaining import provisions_of
from xinheng.law.models import BasisRole
from xinheng.ledger.models import Batch
from xinheng.measures.models import MeasureTask, Notice
from xinheng.measures.queries.following import resting_of, stands
from xinheng.register.models import Record
from xinheng.register.references import record_ref
from xinheng.register.scoping import officers_only


def why_measure(scope: Scope, effect: int, *, as_at: date) -> WhyNode:
    """The tree of one restraint or incentive of the caller's region."""
    officers_only(scope)
    found = Effect.objects.filter(pk=effect, kind__in=MEASURES).first()
    caused = found.record_id if found and found.record_id else 0
    record = Record.objects.select_related("department", "region").filter(pk=caused).first()
    if found is None or record is None or (scope.region is not None and record.region.code != scope.region):
        raise NotFound("没有这项措施。", "请从任务或者告知书进入。")
    terms = MeasureTerms.objects.get(pk=found.terms_id or 0)
    _, word, note = stands(found, as_at, resting=bool(resting_of([found.pk])))
    return WhyNode(
        f"措施：{terms.title}",
        f"{word}，{note}",
        f"/measures/{terms.edition}/{terms.measure_key}",
        (*_basis(found.pk), *_notices(record, terms), _decision(record), *_tasks(found), *_changes(found)),
    )


def annulled(scope: Scope, effect: int) -> bool:
    """Whether the measure was found wrong from the beginning; True also where the caller has no such measure."""
    officers_only(scope)
    found = Effect.objects.filter(pk=effect, kind__in=MEASURES).first()
    if found is None or found.end_reason == EndReason.UNFOUNDED:
        return True
    return EffectChange.objects.filter(effect_id=effect, change=Change.ANNULLED).exists()


def _basis(effect: int) -> tuple[WhyNode, ...]:
    """What allows the measure, and what the list rests on; a publication has other words for the two."""
    return tuple(
        replace(
            one, label=one.label.replace(BasisRole.ENABLING.label, "措施").replace(BasisRole.GOVERNING.label, "名单")
        )
        for one in provisions_of(effect)
    )


def _notices(record: Record, terms: MeasureTerms) -> tuple[WhyNode, ...]:
    nodes = []
    for one in Notice.objects.filter(record_no=record.record_no, measures__terms_id=terms.pk).order_by("pk"):
        service = Service.objects.filter(pk=one.service_id).first() if one.service_id else None
        said = WhyNode("送达", "还没有送达")
        if service:
            how = f"{format_date(service.served_on)}，{ServiceMethod(service.method).label}，{service.evidence}"
            said = WhyNode("送达", f"{how}（{service.actor_name}登记）")
        day = format_date(today(one.made_at))
        nodes.append(WhyNode("告知", f"{one.number}，{day}", f"/desk/measure-notices/{one.pk}", (said,)))
    return tuple(nodes)


def _decision(record: Record) -> WhyNode:
    day = f"{format_date(record.decided_on)}作出" if record.decided_on else "作出"
    row = WhyNode("行", f"第 {record.row_no} 行")
    batch = Batch.objects.filter(number=record.batch_no).first()
    file = WhyNode("文件", f"SHA-256 {batch.sha256}" if batch else "", "", (row,))
    received = format_date(today(batch.received_at if batch else record.known_from))
    source = WhyNode("批次", f"第 {record.batch_no} 批，{record.department.name}，{received}收到", "", (file,))
    entry = WhyNode("记录", record.title, f"/desk/records/{record_ref(record.record_no)}", (source,))
    return WhyNode("决定", f"{record.authority_name}{day}，文书号 {record.decision_no}", "", (entry,))


def _tasks(effect: Effect) -> tuple[WhyNode, ...]:
    found = MeasureTask.objects.filter(effect_id=effect.pk).select_related("department").order_by("pk")
    return tuple(
        WhyNode("任务", f"{one.department.name}：{one.get_state_display()}", f"/desk/measure-tasks/{one.pk}")
        for one in found
    )


def _changes(effect: Effect) -> tuple[WhyNode, ...]:
    return tuple(
        WhyNode(str(Change(one.change).label), f"{format_date(today(one.at))}，{one.actor_name}：{one.reason}")
        for one in EffectChange.objects.filter(effect_id=effect.pk).order_by("pk")
    )
