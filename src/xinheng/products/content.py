"""What a credit report says of an organisation: what is public about it today, and nothing else."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache

from django.conf import settings

from xinheng.base.clock import format_date
from xinheng.base.scope import PUBLIC, Scope
from xinheng.effects.queries import PublishedRecord, published_of
from xinheng.effects.queries.pages import listed_types
from xinheng.products.models import ReportKind
from xinheng.register.queries import identity
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.rules import read_citation


@dataclass(frozen=True)
class SectionRule:
    """One section of a report and the publication lists it shows."""

    title: str
    rules: tuple[str, ...]
    adverse: bool


@dataclass(frozen=True)
class Line:
    """One record of a report."""

    title: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    basis: str


@dataclass(frozen=True)
class ReportSection:
    """The records of one kind, newest decision first."""

    title: str
    adverse: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ReportContent:
    """Everything a report states; `record_ids` are the versions it rests on."""

    organisation_id: int
    name: str
    credit_code: str
    registration: tuple[tuple[str, str], ...]
    sections: tuple[ReportSection, ...]
    record_ids: tuple[int, ...]

    @property
    def adverse(self) -> int:
        """How many records bar the version without violations."""
        return sum(len(section.lines) for section in self.sections if section.adverse)

    def digest(self, kind: str) -> str:
        """The same as long as a report of this kind would state the same."""
        stated = asdict(self)
        if kind == ReportKind.CLEAN:
            stated = {"name": self.name, "credit_code": self.credit_code, "adverse": self.adverse}
        text = json.dumps([kind, stated], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@cache
def section_rules(pack: str) -> tuple[SectionRule, ...]:
    """The sections of a report, in their order, from the rulebook."""
    section = load_pack(pack).file("products/credit_report.yaml").section
    section.text("key")
    section.text("description")
    read_citation(section)
    found = []
    for inner in section.sections("sections"):
        found.append(SectionRule(inner.text("title"), inner.texts("rules"), inner.flag("adverse")))
        inner.done()
    section.done()
    return tuple(found)


def content_of(scope: Scope, organisation_id: int, *, as_at: date) -> ReportContent:
    """What a report on that day says; the public's view, whoever asks."""
    found = identity(PUBLIC, organisation_id)
    records = published_of(PUBLIC, organisation_id, as_at=as_at)
    sections = tuple(_section(rule, records) for rule in section_rules(settings.PACK))
    shown = {key for rule in section_rules(settings.PACK) for key in _types(rule)}
    return ReportContent(
        organisation_id=organisation_id,
        name=found.summary.name,
        credit_code=found.summary.credit_code,
        registration=(
            ("单位名称", found.summary.name),
            ("统一社会信用代码", found.summary.credit_code),
            ("单位类别", found.summary.kind_label),
            ("登记状态", found.summary.status_label),
            *((label, value) for label, value in found.registration if label not in _SAID),
        ),
        sections=sections,
        record_ids=tuple(one.record_id for one in records if one.type in shown),
    )


_SAID = ("主体名称", "统一社会信用代码", "主体类别", "登记状态", "数据来源单位", "数据来源单位统一社会信用代码")


_DECIDED = ("文书号", "作出机关", "作出日期")
_DECLARED = ("申报编号", "核验部门", "核验日期")
"""What an organisation said of itself rests on no decision."""


def _types(rule: SectionRule) -> tuple[str, ...]:
    return tuple(key for one in rule.rules for key in listed_types(one))


def _section(rule: SectionRule, records: tuple[PublishedRecord, ...]) -> ReportSection:
    types = _types(rule)
    return ReportSection(rule.title, rule.adverse, tuple(_line(one) for one in records if one.type in types))


def _line(record: PublishedRecord) -> Line:
    until = format_date(record.last_day) if record.last_day else record.removal_rule
    number, authority, day = _DECLARED if record.declared else _DECIDED
    facts = [
        (number, record.decision_no),
        (authority, record.authority_name),
        (day, format_date(record.decided_on) if record.decided_on else ""),
        ("失信等级", record.severity),
        ("公示期", f"{format_date(record.starts)}至{until}" if record.last_day else until),
        *record.fields,
        ("来源", f"{record.provenance.department_name}报送"),
    ]
    kept: dict[str, str] = {}
    for label, value in facts:
        if value and value not in kept.values() and label not in kept:
            kept[label] = value
    basis = "；".join(dict.fromkeys(f"《{one.text_title}》{one.article}" for one in record.basis))
    return Line(record.title, record.mark, tuple(kept.items()), basis)
