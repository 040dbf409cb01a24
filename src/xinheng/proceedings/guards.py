"""Conditions that the table names: each answers with a sentence why not, or with nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from xinheng.proceedings.breached import commitment_stands
from xinheng.proceedings.determined import (
    ground_of,
    why_named,
    why_not_decided,
    why_not_here,
    why_not_kept,
    why_not_listed,
    why_not_removable,
    why_penalty_fell,
    why_still_listed,
)
from xinheng.proceedings.eligibility import eligibility_of, local_body_of
from xinheng.proceedings.facts import newest, publication
from xinheng.proceedings.models import Case


@dataclass(frozen=True)
class Asked:
    """The case as it stands (or is about to be opened), what was stated, and the day."""

    case: Case
    stated: dict[str, str]
    day: date


Guard = Callable[[Asked], str]


def _has_target(asked: Asked) -> str:
    if asked.case.record_no is None and not asked.case.record_title:
        return "请从所涉信息的页面提出，或者写明所指的是什么，以便核实。"
    return ""


def _eligible(asked: Asked) -> str:
    if asked.case.record_no is None:
        return "请从所涉信息的页面申请，以便知道是哪一条。"
    found = eligibility_of(asked.case.record_no, on=asked.day)
    return "" if found.may_apply else found.sentence


def _local_body(asked: Asked) -> str:
    if asked.case.record_no is not None and local_body_of(asked.case.record_no, on=asked.day):
        return ""
    return "规则包没有写明由本地部门审核，请经全国统一入口转交认定部门。"


def _publication_over(asked: Asked) -> str:
    if asked.case.record_no is not None and publication(asked.case.record_no, on=asked.day) is None:
        return ""
    return "公示期还没有届满。"


def _published_now(asked: Asked) -> str:
    if asked.case.record_no is not None and publication(asked.case.record_no, on=asked.day) is not None:
        return ""
    return "这条信息现在没有公示。"


def _commitment_stands(asked: Asked) -> str:
    return commitment_stands(asked.case.record_no)


def _may_be_listed(asked: Asked) -> str:
    if asked.case.record_no is None:
        return "请从处罚的记录页面提出，以便知道依据的是哪一份决定。"
    return why_not_listed(asked.stated["ground"], newest(asked.case.record_no), asked.day)


def _may_decide_listing(asked: Asked) -> str:
    return why_not_decided(asked.case, asked.stated, asked.day)


def _keeps_names_out(asked: Asked) -> str:
    return why_named(asked.case, asked.stated)


def _penalty_stands(asked: Asked) -> str:
    return why_penalty_fell(asked.case)


def _determined_here(asked: Asked) -> str:
    return why_not_here(asked.case.record_no, asked.case)


def _may_remove(asked: Asked) -> str:
    return why_not_removable(asked.case, ground_of(asked.case), asked.day)


def _may_keep_listed(asked: Asked) -> str:
    return why_not_kept(asked.case)


def _entry_over(asked: Asked) -> str:
    return why_still_listed(asked.case, asked.day)


GUARDS: MappingProxyType[str, Guard] = MappingProxyType(
    {
        "has_target": _has_target,
        "eligible": _eligible,
        "local_body": _local_body,
        "publication_over": _publication_over,
        "published_now": _published_now,
        "commitment_stands": _commitment_stands,
        "may_be_listed": _may_be_listed,
        "may_decide_listing": _may_decide_listing,
        "keeps_names_out": _keeps_names_out,
        "penalty_stands": _penalty_stands,
        "determined_here": _determined_here,
        "may_remove": _may_remove,
        "may_keep_listed": _may_keep_listed,
        "entry_over": _entry_over,
    }
)
