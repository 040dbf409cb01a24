"""A published record as pages and programs get it: published fields only, with its basis and its source."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from xinheng.base.clock import format_date, today
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.reading import as_read
from xinheng.effects.models import SetBy
from xinheng.law.models import BasisRole, BasisSetMember, Level
from xinheng.law.queries import document_no_shown
from xinheng.register.queries import Provenance
from xinheng.register.references import organisation_ref, record_ref

OBJECTION = "异议处理中"


@dataclass(frozen=True)
class BasisLine:
    """One provision an effect rests on; `role` in words."""

    text_key: str
    text_title: str
    document_no: str
    article: str
    role: str


@dataclass(frozen=True)
class PublishedRecord:
    """One record that is public on the day asked about. `ends` is the first day without it."""

    record_id: int
    record_no: int
    ref: str
    type: str
    act: str
    declared: bool
    """Said by the organisation itself and verified; no decision of an authority."""
    title: str
    subject_name: str
    organisation_id: int
    organisation_ref: str
    decision_no: str
    number_label: str
    """What its number is called: 文书号 of a decision, else as the contract calls it."""
    decided_on: date | None
    authority_name: str
    authority_label: str
    department_id: int
    department_name: str
    region_id: int
    starts: date
    ends: date | None
    removal_rule: str
    severity: str
    severity_set_by: str
    basis: tuple[BasisLine, ...]
    fields: tuple[tuple[str, str], ...]
    mark: str
    provenance: Provenance
    effect_id: int

    @property
    def last_day(self) -> date | None:
        """The last day it is public; None while it stays until removal."""
        return self.ends - timedelta(days=1) if self.ends else None


@dataclass(frozen=True)
class PublishedPage:
    """One page of a list, and the cursor of the next; empty on the last page."""

    rows: tuple[PublishedRecord, ...]
    next_cursor: str


_DETAILS = """
SELECT r.id, r.record_no, r.type, r.title, r.subject_name,
    coalesce((SELECT l.organisation_id FROM register_subjectlink l
              WHERE l.number = r.subject_no AND l.known_to IS NULL), r.subject_no) AS organisation_id,
    r.decision_no, r.decided_on, r.authority_name, r.department_id, d.name AS department_name, r.region_id,
    e.starts, e.ends, e.removal_rule, e.basis_set_id, t.severity, t.set_by, t.transition,
    (SELECT s.decided_at FROM effects_severitydecision s
     WHERE s.record_no = r.record_no AND s.superseded_at IS NULL) AS decided_at,
    EXISTS (SELECT 1 FROM effects_suspension x
            WHERE x.effect_id = e.id AND NOT x.hides AND x.resumed_at IS NULL) AS marked,
    r.content, r.batch_no, r.row_no, coalesce(b.file_name, '') AS file_name,
    coalesce(b.received_at, r.known_from) AS received_at, e.id AS effect_id
FROM effects_effect e
JOIN register_record r ON r.id = e.record_id
JOIN people_department d ON d.id = r.department_id
JOIN effects_publicationterms t ON t.id = e.terms_id
LEFT JOIN ledger_batch b ON b.number = r.batch_no
WHERE e.id = ANY(%s)
"""


def show(effect_ids: Sequence[int]) -> tuple[PublishedRecord, ...]:
    """The records behind these publications, in the order given. The caller has checked that they may be seen."""
    if not effect_ids:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_DETAILS, [list(effect_ids)])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    bases = _basis_lines({row["basis_set_id"] for row in rows})
    contracts = load_contracts(settings.PACK)
    found = {row["effect_id"]: _record(row, contracts[row["type"]], bases[row["basis_set_id"]]) for row in rows}
    return tuple(found[number] for number in effect_ids)


def _record(row: dict[str, Any], contract: Contract, basis: tuple[BasisLine, ...]) -> PublishedRecord:
    return PublishedRecord(
        record_id=row["id"],
        record_no=row["record_no"],
        ref=record_ref(row["record_no"]),
        type=row["type"],
        act=contract.act or contract.title,
        declared=contract.by_case,
        title=row["title"],
        subject_name=row["subject_name"],
        organisation_id=row["organisation_id"],
        organisation_ref=organisation_ref(row["organisation_id"]),
        decision_no=row["decision_no"],
        number_label=_number_label(contract),
        decided_on=row["decided_on"],
        authority_name=row["authority_name"],
        authority_label=_authority_label(contract),
        department_id=row["department_id"],
        department_name=row["department_name"],
        region_id=row["region_id"],
        starts=row["starts"],
        ends=row["ends"],
        removal_rule=row["removal_rule"],
        severity=row["severity"],
        severity_set_by=_set_by(row, basis),
        basis=basis,
        fields=_fields(contract, json.loads(row["content"])),
        mark=OBJECTION if row["marked"] else "",
        provenance=Provenance(
            row["file_name"], row["row_no"], row["batch_no"], row["received_at"], row["department_name"]
        ),
        effect_id=row["effect_id"],
    )


def _number_label(contract: Contract) -> str:
    if contract.by_case:
        return "申报编号"
    label = contract.field(contract.roles.decision_no).label if contract.roles.decision_no else ""
    return label if label and "文号" not in label and "文书号" not in label else "文书号"


def _authority_label(contract: Contract) -> str:
    if contract.by_case:
        return "核验部门"
    label = contract.field(contract.roles.authority_name).label if contract.roles.authority_name else ""
    return label if label.endswith("单位") and label != "认定单位" else "决定机关"


def _fields(contract: Contract, content: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Published fields with a value, with their labels, in the order of the contract; personal ones never."""
    return tuple(
        (field.label, as_read(field, content[field.name]))
        for field in contract.fields
        if field.published and not field.personal and content.get(field.name) not in (None, "")
    )


def _set_by(row: dict[str, Any], basis: tuple[BasisLine, ...]) -> str:
    """Who or what fixed the severity class, as one sentence; empty where there are no classes."""
    if not row["severity"]:
        return ""
    if row["set_by"] == SetBy.OFFICER:
        return f"由信用工作机构审核人员于{format_date(today(row['decided_at']))}确定"
    if row["set_by"] == SetBy.STATED:
        return f"由{row['department_name']}在报送时载明"
    texts = dict.fromkeys(f"《{line.text_title}》" for line in basis if line.role != BasisRole.ENABLING.label)
    return f"依据{'、'.join(texts)}，按处罚种类、程序和罚款数额确定"


def _basis_lines(basis_sets: set[int]) -> dict[int, tuple[BasisLine, ...]]:
    order = {role: rank for rank, role in enumerate((BasisRole.GOVERNING, BasisRole.APPLIED, BasisRole.ENABLING))}
    levels = {level: rank for rank, level in enumerate(Level.values)}

    def importance(member: BasisSetMember) -> tuple[int, int, str, int]:
        """What governs stands before what enables; higher texts before lower ones; articles in their order."""
        text = member.provision.text
        return order[BasisRole(member.role)], levels[text.level], text.key, member.provision.position

    members = BasisSetMember.objects.filter(basis_set_id__in=basis_sets).select_related("provision__text")
    lines: dict[int, list[BasisLine]] = {number: [] for number in basis_sets}
    for member in sorted(members, key=importance):
        text = member.provision.text
        lines[member.basis_set_id].append(
            BasisLine(
                text_key=text.key,
                text_title=text.title,
                document_no=document_no_shown(text),
                article=member.provision.article,
                role=BasisRole(member.role).label,
            )
        )
    return {number: tuple(found) for number, found in lines.items()}
