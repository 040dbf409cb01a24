"""Why something is public: from the effect up to provision, decision, record, batch, file and row."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from xinheng.base.clock import format_date, today
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.effects.models import (
    Change,
    Effect,
    EffectChange,
    HandedVersion,
    Handover,
    Kind,
    Retraction,
    RetractionCause,
)
from xinheng.effects.queries.pages import published
from xinheng.effects.queries.shown import PublishedRecord
from xinheng.law.models import BasisRole, BasisSetMember
from xinheng.law.queries import document_no_shown
from xinheng.ledger.models import Batch
from xinheng.register.linked import link_told
from xinheng.register.models import Record
from xinheng.register.scoping import officers_only, records_in


@dataclass(frozen=True)
class WhyNode:
    """One level of the explanation; `link` is a path on the site, or empty."""

    label: str
    text: str
    link: str = ""
    children: tuple["WhyNode", ...] = ()


PUBLIC_NOW, PUBLIC_ONCE = "公示", "曾经公示"
"""The labels of the root: whether the record is public on the day asked about."""


def why(scope: Scope, record_no: int, *, as_at: date, with_copies: bool = True) -> WhyNode:
    """The tree for a record that is public on that day; NotFound otherwise.

    Officers also learn what was done to it before and, with copies, who was given it and whether they confirmed what
    they were told; of a record that was public once they learn that.
    """
    if scope.public:
        return _shown(published(scope, record_no, as_at=as_at))
    past = (*_changes(record_no), *(copies(scope, record_no) if with_copies else ()))
    try:
        found = _shown(published(scope, record_no, as_at=as_at))
    except NotFound:
        if not past or not records_in(scope).filter(record_no=record_no).exists():
            raise
        return WhyNode(PUBLIC_ONCE, "现在不公示", "", past)
    return replace(found, children=(*found.children, *past))


def copies(scope: Scope, record_no: int) -> tuple[WhyNode, ...]:
    """Who was given any version of a record and what they were told since, for officers."""
    officers_only(scope)
    versions = dict(Record.objects.filter(record_no=record_no).values_list("pk", "version"))
    held = list(HandedVersion.objects.filter(record_id__in=versions).order_by("pk"))
    given = Handover.objects.select_related("recipient").in_bulk({one.handover_id for one in held})
    told: dict[tuple[int, int], list[Retraction]] = {}
    for one in Retraction.objects.filter(record_id__in=versions).order_by("pk"):
        told.setdefault((one.recipient_id, one.record_id), []).append(one)
    nodes = []
    for copy in {(one.recipient_id, one.record_id): one for one in held}.values():
        handover = given[copy.handover_id]
        text = f"{format_date(today(handover.at))}，第 {versions[copy.record_id]} 版，{handover.title}"
        notices = told.get((copy.recipient_id, copy.record_id), [])
        nodes.append(WhyNode(f"提供给{handover.recipient.name}", text, "", tuple(_notice(one) for one in notices)))
    return tuple(nodes)


def _notice(one: Retraction) -> WhyNode:
    said = f"{format_date(today(one.written_at))}告知{one.kind.label}（{RetractionCause(one.cause).label}）"
    confirmed = f"{format_date(today(one.confirmed_at))}确认" if one.confirmed_at else "还没有确认"
    return WhyNode("通知", f"{said}，{confirmed}", f"/desk/retractions/{one.pk}")


def _changes(record_no: int) -> tuple[WhyNode, ...]:
    """Everything done to the publications of a record, oldest first."""
    versions = Record.objects.filter(record_no=record_no).values("pk")
    effects = Effect.objects.filter(kind=Kind.PUBLICATION, record_id__in=versions).values("pk")
    return tuple(
        WhyNode(str(Change(one.change).label), f"{format_date(today(one.at))}，{one.actor_name}：{one.reason}")
        for one in EffectChange.objects.filter(effect_id__in=effects).order_by("pk")
    )


def _shown(record: PublishedRecord) -> WhyNode:
    return WhyNode(
        PUBLIC_NOW, _period(record), "", (*provisions_of(record.effect_id), *_class(record), _decision(record))
    )


def _period(record: PublishedRecord) -> str:
    if record.last_day is None:
        return f"自{format_date(record.starts)}起公示，{record.removal_rule}"
    return f"自{format_date(record.starts)}公示至{format_date(record.last_day)}，到期自动停止公示"


def provisions_of(effect_id: int) -> tuple[WhyNode, ...]:
    """The provisions an effect rests on, the enabling ones first."""
    members = BasisSetMember.objects.raw(
        """
        SELECT m.* FROM law_basissetmember m JOIN effects_effect e ON e.basis_set_id = m.basis_set_id
        WHERE e.id = %s ORDER BY m.role <> 'enabling', m.id
        """,
        [effect_id],
    ).prefetch_related("provision__text")
    return tuple(_provision(member) for member in members)


def _provision(member: BasisSetMember) -> WhyNode:
    provision, text = member.provision, member.provision.text
    number = document_no_shown(text)
    title = f"《{text.title}》{f'（{number}）' if number else ''}{provision.article}"
    content = WhyNode("条文摘要", f"{provision.title}：{provision.summary}")
    dates = f"{format_date(provision.effective_from)}起施行" if provision.effective_from else ""
    if provision.effective_to:
        dates += f"，{format_date(provision.effective_to)}失效"
    force = WhyNode("效力", dates)
    source = WhyNode("出处", provision.citation)
    link = f"/law/{text.key}#{quote(provision.article)}"
    return WhyNode(f"依据（{BasisRole(member.role).label}）", title, link, (content, force, source))


def _class(record: PublishedRecord) -> tuple[WhyNode, ...]:
    if not record.severity:
        return ()
    return (WhyNode("失信等级", f"{record.severity}，{record.severity_set_by}"),)


def _decision(record: PublishedRecord) -> WhyNode:
    did = "核验" if record.declared else "作出"
    day = f"{format_date(record.decided_on)}{did}" if record.decided_on else did
    number = f"，{record.number_label} {record.decision_no}" if record.decision_no else ""
    content = tuple(WhyNode(label, value) for label, value in record.fields)
    return WhyNode(
        "核验" if record.declared else "决定",
        f"{record.authority_name}{day}{number}",
        "",
        (WhyNode("记录", f"{record.act}：{record.title}", "", (*content, *_linked(record), _batch(record))),),
    )


def _linked(record: PublishedRecord) -> tuple[WhyNode, ...]:
    """How the record came to the organisation it is shown with."""
    told = link_told(Record.objects.filter(pk=record.record_id))[record.record_id]
    return (WhyNode("归到这个单位", told),) if told else ()


def _batch(record: PublishedRecord) -> WhyNode:
    source = record.provenance
    row = WhyNode("行", f"第 {source.row_no} 行")
    batch = Batch.objects.filter(number=source.batch_no).first()
    checksum = (WhyNode("文件校验值", f"SHA-256 {batch.sha256}"),) if batch else ()
    file = WhyNode("文件", source.file_name or "网页录入", "", (*checksum, row))
    received = format_date(today(source.received_at))
    return WhyNode("批次", f"第 {source.batch_no} 批，{source.department_name}，{received}收到", "", (file,))
