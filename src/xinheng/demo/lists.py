"""Serious lists received from the bodies that decided them, abnormal-operation entries, and taxpayers of class A."""

from collections.abc import Iterator
from datetime import timedelta

from xinheng.demo.days import after_years
from xinheng.demo.decisions import Made, Row, Stream
from xinheng.demo.texts import read_text

ABNORMAL_REASONS = (
    "未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告",
    "通过登记的住所或者经营场所无法联系",
    "公示企业信息隐瞒真实情况、弄虚作假",
)
ABNORMAL_KINDS = {
    "个体工商户": "个体工商户经营异常状态",
    "合作社": "农民专业合作社经营异常名录",
    "事业单位": "事业单位异常名录",
    "社会团体": "社会组织活动异常名录",
    "民办非企业单位": "社会组织活动异常名录",
    "基金会": "社会组织活动异常名录",
}
REMOVED_SHARE = 0.55
TAXPAYERS, TAXPAYERS_TITLE = "H01", "纳税信用A级纳税人"


def serious_list(stream: Stream) -> Iterator[Made]:
    """Listings with their notice, grounds and end."""
    section = read_text("serious_lists").section("departments").section(stream.department.short_name)
    key, title = section.text("key"), section.text("title")
    grounds, years = section.text("grounds"), section.whole("years")
    unit: Row = {
        **stream.source(),
        "decision_body": stream.department.name,
        "decision_body_uscc": stream.department.code,
    }
    for rng, day, number in stream.drawn():
        row, party = stream.subject(rng, day)
        row["list_key"] = key
        row["list_name"] = title
        row["decision_no"] = number
        row["grounds"] = grounds
        row["decided_on"] = day
        row["notice_served_on"] = day - timedelta(days=20 + int(rng.random() * 20))
        row["effective_from"] = day
        row["planned_to"] = after_years(day, years)
        row["published_from"] = day + timedelta(days=1 + int(rng.random() * 4))
        row.update(unit)
        yield row, party


def abnormal_entries(stream: Stream) -> Iterator[Made]:
    """Entries into the lists of abnormal operation, many of them already removed."""
    unit: Row = {
        **stream.source(),
        "entry_authority": stream.department.name,
        "entry_authority_uscc": stream.department.code,
    }
    last = stream.days[-1]
    for rng, day, number in stream.drawn():
        subject, party = stream.subject(rng, day)
        row: Row = {name: subject[name] for name in ("counterparty_name", "uscc", "legal_rep_name")}
        row["abnormal_kind"] = ABNORMAL_KINDS.get(party.kind if party else "", "经营异常名录")
        row["entry_decision_no"] = number
        row["entry_reason"] = ABNORMAL_REASONS[int(rng.random() * len(ABNORMAL_REASONS))]
        row["entry_date"] = day
        if rng.random() < REMOVED_SHARE:
            removed = min(last, day + timedelta(days=30 + int(rng.random() * 700)))
            row["removal_date"] = removed
            row["removal_reason"] = "已补报年度报告并公示"
            row["removal_authority"] = stream.department.name
        row.update(unit)
        yield row, party


def honour_entries(stream: Stream) -> Iterator[Made]:
    """Taxpayers of class A, for a year each."""
    unit: Row = {
        **stream.source(),
        "decision_body": stream.department.name,
        "decision_body_uscc": stream.department.code,
    }
    for rng, day, number in stream.drawn():
        subject, party = stream.subject(rng, day)
        row: Row = {name: subject[name] for name in ("counterparty_name", "uscc")}
        row["list_key"] = TAXPAYERS
        row["list_name"] = TAXPAYERS_TITLE
        row["decision_no"] = number
        row["decided_on"] = day
        row["effective_from"] = day
        row["planned_to"] = after_years(day, 1)
        row.update(unit)
        yield row, party
