"""Whether a record may be repaired, from which day, and what is needed: told before anybody applies."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.conf import settings

from xinheng.base.clock import format_date
from xinheng.effects.classification import add_months
from xinheng.effects.models import Effect
from xinheng.people.models import Department
from xinheng.proceedings.facts import newest, publication, terms_of
from xinheng.proceedings.models import Case
from xinheng.proceedings.repair_rules import RepairRule, rule_for
from xinheng.register.models import Record

NOT_PUBLIC = "这条信息现在没有公示，不需要修复。"
NO_RULE = "这类信息没有可以执行的修复规定，或者规定尚未核实。请向作出决定的部门了解。"


@dataclass(frozen=True)
class Eligibility:
    """The answer in one sentence, with everything behind it."""

    may_apply: bool
    sentence: str
    earliest: date | None
    ends_by_itself: date | None
    """The last day it is public without anybody applying."""
    reasons: tuple[str, ...]
    conditions: tuple[str, ...]
    materials: tuple[tuple[str, str], ...]
    commitment: str
    decided_by: str
    rule_key: str
    rule_title: str
    basis: tuple[str, ...]
    local_body: str
    """The department of this place that decides; empty where the application goes through the national entrance."""


def eligibility_of(record_no: int, *, on: date) -> Eligibility:
    """Whether a repair of this record may be applied for on a day, and otherwise from when or why not."""
    record = newest(record_no)
    effect = publication(record_no, on=on)
    if effect is None or record.withdrawn:
        return _plain(NOT_PUBLIC)
    terms = terms_of(effect)
    rule = rule_for(settings.PACK, terms.regime)
    if rule is None:
        return _plain(NO_RULE, ends=effect.ends)
    found = _by_rule(rule, record, effect, on)
    local = rule.local_body(record.type, record.department.code, on)
    if not local:
        return found
    body = Department.objects.get(region=record.region, code=local).name
    return replace(found, decided_by=body, local_body=body)


def _by_rule(rule: RepairRule, record: Record, effect: Effect, on: date) -> Eligibility:
    if rule.after_revocation and rule.after_revocation.verified and _revoked(record.record_no):
        return _answer(rule, record, effect, may=False, sentence=f"不能申请修复：{rule.after_revocation.why}。")
    excluded = next((one for one in rule.excluded if one.verified and one.severity == record.severity), None)
    if excluded is not None:
        return _answer(rule, record, effect, may=False, sentence=f"不能申请修复：{excluded.why}。")
    if rule.by_listing_body:
        sentence = f"可以申请。能否提前移出、从哪一天起，由{rule.decided_by}按该名单的规定决定。"
        return _answer(rule, record, effect, may=True, sentence=sentence)
    return _by_period(rule, record, effect, on)


def waiting_case(record_no: int) -> Case | None:
    """A repair of this record that is under way."""
    return Case.objects.filter(procedure="repair", record_no=record_no, closed_at=None).first()


def local_body_of(record_no: int, *, on: date) -> str:
    """The credit code of the department of this place that decides a repair of the record; empty where none does."""
    record, effect = newest(record_no), publication(record_no, on=on)
    rule = rule_for(settings.PACK, terms_of(effect).regime) if effect else None
    return rule.local_body(record.type, record.department.code, on) if rule else ""


def _revoked(record_no: int) -> bool:
    return Case.objects.filter(procedure="repair", record_no=record_no, state="revoked").exists()


def _by_period(rule: RepairRule, record: Record, effect: Effect, on: date) -> Eligibility:
    terms = terms_of(effect)
    months = rule.shortest(terms.min_months, tuple(record.department.fields))
    decided = record.decided_on or effect.starts
    earliest = add_months(decided, months)
    kind = f"{terms.severity}失信信息" if terms.severity else "这条信息"
    reason = f"按《{rule.title}》，{kind}最短公示 {months} 个月，自作出决定之日（{format_date(decided)}）起算。"
    if effect.ends is not None and earliest >= effect.ends:
        sentence = f"不需要申请：公示至{format_date(effect.ends - timedelta(days=1))}，到期自动停止。"
        return _answer(rule, record, effect, may=False, sentence=sentence, reasons=(reason,))
    if on < earliest:
        sentence = f"自{format_date(earliest)}起可以申请。"
        return _answer(rule, record, effect, may=False, sentence=sentence, reasons=(reason,), earliest=earliest)
    return _answer(rule, record, effect, may=True, sentence="现在可以申请。", reasons=(reason,), earliest=earliest)


def _answer(
    rule: RepairRule, record: Record, effect: Effect, *, may: bool, sentence: str, reasons: tuple[str, ...] = (),
    earliest: date | None = None,
) -> Eligibility:  # fmt: skip
    return Eligibility(
        may_apply=may,
        sentence=sentence,
        earliest=earliest,
        ends_by_itself=effect.ends - timedelta(days=1) if effect.ends else None,
        reasons=reasons,
        conditions=rule.conditions,
        materials=rule.materials,
        commitment=rule.commitment,
        decided_by=rule.decided_by,
        rule_key=rule.key,
        rule_title=rule.title,
        basis=rule.basis,
        local_body="",
    )


def _plain(sentence: str, *, ends: date | None = None) -> Eligibility:
    last = ends - timedelta(days=1) if ends else None
    return Eligibility(False, sentence, None, last, (), (), (), "", "", "", "", (), "")
