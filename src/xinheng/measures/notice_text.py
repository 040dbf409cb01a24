"""The words of the notice of measures, from the entry and the measures that are to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xinheng.base.clock import format_date

TITLE = "监管和惩戒措施告知书"
SIGN = "信惩告"
GROUNDS = 300
"""How much of the deciding body's reasons the notice repeats; the decision itself has them in full."""


@dataclass(frozen=True)
class Announced:
    """One measure as the notice names it."""

    title: str
    text: str
    basis: str
    executing_body: str
    ends: date | None
    removal_rule: str
    graduated: bool = False


@dataclass(frozen=True)
class Entry:
    """The entry that the measures follow from, as its decision says."""

    subject: str
    credit_code: str
    list_title: str
    decided_by: str
    decided_on: date | None
    decision_no: str
    grounds: str


def paragraphs(entry: Entry, measures: Sequence[Announced], *, office: str) -> list[str]:
    """The notice in paragraphs: who, why, what, on which basis, until when, and what can be done about it."""
    return [
        f"{entry.subject}{f'（统一社会信用代码 {entry.credit_code}）' if entry.credit_code else ''}：",
        _reasons(entry),
        "依照下列规定，自本告知书送达的次日起，对贵单位采取以下措施：",
        *(_measure(place, one) for place, one in enumerate(measures, start=1)),
        "贵单位被移出名单、完成信用修复，或者列入决定被撤销、异议成立的，上述措施同时终止，并通知执行单位。"
        "措施只对贵单位执行，不及于法定代表人、负责人等个人。",
        f"对列入决定有异议的，可以向{entry.decided_by}提出；对上述措施有异议的，可以在企业中心或者窗口向{office}提出。"
        "也可以依法申请行政复议或者提起行政诉讼。",
    ]


def _reasons(entry: Entry) -> str:
    on = f"于{format_date(entry.decided_on)}" if entry.decided_on else ""
    why = entry.grounds[:GROUNDS] + ("……" if len(entry.grounds) > GROUNDS else "")
    said = f"{entry.decided_by}{on}作出{entry.decision_no}，将贵单位列入{entry.list_title}。"
    return f"{said}列入事由：{why or '见列入决定'}"


def _measure(place: int, one: Announced) -> str:
    until = f"至{format_date(one.ends - timedelta(days=1))}止" if one.ends else one.removal_rule or "至移出名单之日止"
    grade = "这是分级监管措施，不是惩戒。" if one.graduated else ""
    return f"{place}. {one.title}。{one.text}{grade}依据：{one.basis}。执行单位：{one.executing_body}。期限：{until}。"
