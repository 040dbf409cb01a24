"""Conditions that the table names: each answers with a sentence why not, or with nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from xinheng.proceedings.breached import commitment_stands
from xinheng.proceedings.eligibility import eligibility_of, local_body_of
from xinheng.proceedings.facts import publication
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


GUARDS: MappingProxyType[str, Guard] = MappingProxyType(
    {
        "has_target": _has_target,
        "eligible": _eligible,
        "local_body": _local_body,
        "publication_over": _publication_over,
        "published_now": _published_now,
        "commitment_stands": _commitment_stands,
    }
)
