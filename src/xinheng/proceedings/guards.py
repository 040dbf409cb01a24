"""Conditions that the table names: each answers with a sentence why not, or with nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from xinheng.proceedings.eligibility import eligibility_of
from xinheng.proceedings.facts import publication
from xinheng.proceedings.models import Case

EVALUATION = "evaluation"


@dataclass(frozen=True)
class Asked:
    """The case as it stands (or is about to be opened), what was stated, and the day."""

    case: Case
    stated: dict[str, str]
    day: date


Guard = Callable[[Asked], str]


def _has_record(asked: Asked) -> str:
    if asked.case.record_no is None and asked.stated.get("ground") != EVALUATION:
        return "请从所涉信息的页面提出，以便知道是哪一条。"
    return ""


def _eligible(asked: Asked) -> str:
    if asked.case.record_no is None:
        return "请从所涉信息的页面申请，以便知道是哪一条。"
    found = eligibility_of(asked.case.record_no, on=asked.day)
    return "" if found.may_apply else found.sentence


def _local_body(asked: Asked) -> str:
    found = eligibility_of(asked.case.record_no, on=asked.day) if asked.case.record_no else None
    if found is not None and found.local_body:
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


GUARDS: MappingProxyType[str, Guard] = MappingProxyType(
    {
        "has_record": _has_record,
        "eligible": _eligible,
        "local_body": _local_body,
        "publication_over": _publication_over,
        "published_now": _published_now,
    }
)
