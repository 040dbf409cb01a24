"""Why something is public: from the effect up to provision, decision, record, batch, file and row."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from xinheng.base.clock import format_date, today
from xinheng.base.scope import Scope
from xinheng.effects.queries.pages import published
from xinheng.effects.queries.shown import PublishedRecord
from xinheng.law.models import BasisRole, BasisSetMember
from xinheng.law.queries import document_no_shown
from xinheng.ledger.models import Batch


@dataclass(frozen=True)
class WhyNode:
    """One level of the explanation; `link` is a path on the site, or empty."""

    label: str
    text: str
    link: str = ""
    children: tuple["WhyNode", ...] = ()


def why(scope: Scope, record_no: int, *, as_at: date) -> WhyNode:
    """The tree for a record that is public on that day; NotFound otherwise."""
    record = published(scope, record_no, as_at=as_at)
    return WhyNode("公示", _period(record), "", (*_provisions(record.effect_id), *_class(record), _decision(record)))


def _period(record: PublishedRecord) -> str:
    if record.last_day is None:
        return f"自{format_date(record.starts)}起公示，{record.removal_rule}"
    return f"自{format_date(record.starts)}公示至{format_date(record.last_day)}，到期自动停止公示"


def _provisions(effect_id: int) -> tuple[WhyNode, ...]:
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
    day = f"{format_date(record.decided_on)}作出" if record.decided_on else "作出"
    number = f"，文书号 {record.decision_no}" if record.decision_no else ""
    content = tuple(WhyNode(label, value) for label, value in record.fields)
    return WhyNode(
        "决定",
        f"{record.authority_name}{day}{number}",
        "",
        (WhyNode("记录", f"{record.act}：{record.title}", "", (*content, _batch(record))),),
    )


def _batch(record: PublishedRecord) -> WhyNode:
    source = record.provenance
    row = WhyNode("行", f"第 {source.row_no} 行")
    batch = Batch.objects.filter(number=source.batch_no).first()
    checksum = (WhyNode("文件校验值", f"SHA-256 {batch.sha256}"),) if batch else ()
    file = WhyNode("文件", source.file_name or "网页录入", "", (*checksum, row))
    received = format_date(today(source.received_at))
    return WhyNode("批次", f"第 {source.batch_no} 批，{source.department_name}，{received}收到", "", (file,))
