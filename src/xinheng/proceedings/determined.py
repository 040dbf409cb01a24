"""Who and what a determination is about, and the conditions of its steps and of the removal's.

The penalty an entry rests on stays linked: when that falls, nobody may keep the entry.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from xinheng.base.clock import format_date
from xinheng.base.errors import NotFound
from xinheng.base.period import add_months
from xinheng.proceedings.determination_rules import DeterminationRule, rule_of
from xinheng.proceedings.facts import newest
from xinheng.proceedings.models import Case, CaseEvent, ListDetermination, ListRemoval
from xinheng.register.models import Record
from xinheng.vault.sealing import open_bytes

EARLY, REVOKED, GONE = "early", "revoked", "gone"


@dataclass(frozen=True)
class NamedPerson:
    """A person whom the law of a list names beside the organisation. Never shown, never logged."""

    role: str
    name: str = field(repr=False)
    number: str = field(repr=False)

    def sealed_text(self) -> bytes:
        """What is sealed while the case runs."""
        return json.dumps([self.name, self.number], ensure_ascii=False).encode()


def person_aad(number: str) -> bytes:
    """What ties a sealed name to its case."""
    return f"named-person:{number}".encode()


def person_of(held: ListDetermination) -> NamedPerson | None:
    """Whom a determination is about, opened for the step at hand; None for an organisation."""
    if held.person is None:
        return None
    name, number = json.loads(open_bytes(held.case.key_id, bytes(held.person), person_aad(held.case.number)))
    return NamedPerson(held.person_role, name, number)


def determination_of(case: Case) -> ListDetermination:
    """The determination of a case; NotFound where the case is about something else."""
    held = ListDetermination.objects.select_related("case").filter(case_id=case.pk).first()
    if held is None:
        raise NotFound("没有这件名单认定。", "请从案件列表重新进入。")
    return held


def determination_of_entry(record_no: int | None) -> ListDetermination | None:
    """The determination an entry came from; None for entries of courts and upper levels."""
    if record_no is None:
        return None
    return ListDetermination.objects.select_related("case").filter(entry_no=record_no).first()


def has_fallen(penalty_no: int) -> bool:
    """Whether the penalty was withdrawn, or a decision found that it never should have been."""
    version = newest(penalty_no)
    if version.withdrawn:
        return True
    return Case.objects.filter(procedure="remedy", record_no=penalty_no, state="annulled").exists()


def why_not_listed(list_key: str, penalty: Record, day: date) -> str:
    """Why this department may not put the subject of this penalty on this list on that day."""
    rule = rule_of(settings.PACK, list_key)
    if rule is None:
        return "这份名单不由本地部门认定，只接收有权机关的认定结果。"
    why_not = rule.why_not_in_force(day)
    if why_not:
        return why_not
    if penalty.department.code not in rule.departments:
        return f"{penalty.department.name}不是这份名单的认定部门。"
    if not rule.qualifies(penalty):
        return f"这条信息不符合列入的条件：{rule.criteria}"
    return "作为依据的处罚已经撤回或者被撤销。" if has_fallen(penalty.record_no) else ""


def why_not_decided(case: Case, stated: Mapping[str, str], day: date) -> str:
    """Why the entry may not be decided now, with this term."""
    held = determination_of(case)
    why_not = why_not_listed(held.list_key, newest(held.penalty_no), day)
    rule = rule_for_entry(held)
    if why_not:
        return why_not
    if stated["months"].isdecimal() and int(stated["months"]) not in rule.months:
        return f"名单的规定只允许列入{'、'.join(f' {one} 个月' for one in rule.months)}。"
    if rule.consent and not CaseEvent.objects.filter(case=case, event="note_consent").exists():
        return f"{rule.consent}请先登记上一级机关同意的文号。"
    return why_named(case, stated)


def why_named(case: Case, stated: Mapping[str, str]) -> str:
    """Whether what was typed names the person a determination is about: it would stand in clear in the case."""
    person = person_of(determination_of(case))
    if person is not None and any(person.name in text for text in stated.values()):
        return "填写的内容里有当事人的姓名。姓名只加密保存，请用“当事人”代替。"
    return ""


def why_penalty_fell(case: Case) -> str:
    """Whether the penalty still stands on which the decided entry rests."""
    fallen = has_fallen(determination_of(case).penalty_no)
    return "作为依据的处罚已经撤回或者被撤销，请撤销决定，不列入。" if fallen else ""


def why_not_removable(case: Case, ground: str, day: date) -> str:
    """Why the entry may not be removed on this ground on that day."""
    held = removed_by(case)
    rule = rule_for_entry(held)
    if is_over(held, day):
        return "列入已经终止。"
    if ground == REVOKED and not has_fallen(held.penalty_no):
        return "作为依据的处罚仍然有效，不能以“撤销”移出。"
    earliest = add_months(held.entered_on or day, rule.removal_after)
    if ground == EARLY and day < earliest:
        return f"{rule.early_removal}自{format_date(earliest)}起可以提前移出。"
    return ""


def why_not_kept(case: Case) -> str:
    """Why the entry may not stay: what it rests on is gone."""
    held = removed_by(case)
    return "列入所依据的处罚已经失效，应当撤销列入。" if has_fallen(held.penalty_no) else ""


def why_not_here(record_no: int | None, case: Case) -> str:
    """Why a removal may not be examined here."""
    held = determination_of_entry(record_no) if record_no is not None else named_in(case)
    if held is None or held.entered_on is None:
        return "这条信息不由本地部门认定，请向认定单位申请移出。"
    return "已经移出。" if held.removed_on else ""


def why_still_listed(case: Case, day: date) -> str:
    """Whether the entry still stands; empty when it is over and the case has nothing left to decide."""
    return "" if is_over(removed_by(case), day) else "列入还没有终止。"


def removed_by(case: Case) -> ListDetermination:
    """The determination a removal is about; while its case is being opened, by what it names."""
    link = ListRemoval.objects.select_related("determination__case").filter(case_id=case.pk).first()
    held = link.determination if link else determination_of_entry(case.record_no)
    if held is None:
        raise NotFound("没有这件名单认定。", "请从案件列表重新进入。")
    return held


def named_in(case: Case) -> ListDetermination | None:
    """A person's entry has no record: the case names the number of its determination."""
    return (
        ListDetermination.objects.select_related("case")
        .filter(case__number=case.record_title, case__region_id=case.region_id)
        .exclude(person_role="")
        .first()
    )


def is_over(held: ListDetermination, day: date) -> bool:
    """Whether the entry does not stand any more: removed here, taken back, or run out."""
    if held.removed_on:
        return True
    if held.entry_no is None:
        return False
    version = newest(held.entry_no)
    return version.withdrawn or (version.valid_to is not None and version.valid_to < day)


def rule_for_entry(held: ListDetermination) -> DeterminationRule:
    rule = rule_of(settings.PACK, held.list_key)
    if rule is None:
        raise NotFound(f"规则包里没有“{held.list_title}”的认定规则。", "请恢复这份规则，正在办理的案件还要用它。")
    return rule


def ground_of(case: Case) -> str:
    """On which ground a removal was asked for."""
    return case.ground.partition("#")[0]
