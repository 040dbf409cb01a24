"""Serious lists received from the bodies that decided them, and abnormal-operation entries."""

from collections.abc import Iterator
from datetime import timedelta

from xinheng.demo.days import after_years
from xinheng.demo.decisions import Made, Row, Stream

SERIOUS = {
    "县法院": ("L01", "失信被执行人", "有履行能力而拒不履行生效法律文书确定义务。依据《最高人民法院关于公布失信被执行人名单信息的若干规定》第一条。", 2),
    "县税务局": ("L02", "重大税收违法失信主体", "虚开增值税专用发票，税额较大。依据《重大税收违法失信主体信息公布管理办法》第六条。", 3),
    "县人社局": ("L03", "拖欠农民工工资失信联合惩戒对象", "拖欠农民工工资，经责令支付逾期未支付。依据《保障农民工工资支付条例》第四十八条。", 3),
    "县市监局": ("L04", "市场监督管理严重违法失信名单", "受到较重行政处罚且情节严重。依据《市场监督管理严重违法失信名单管理办法》第五条。", 3),
    "县应急局": ("L05", "安全生产严重失信主体", "发生生产安全事故且隐瞒不报。依据《安全生产严重失信主体名单管理办法》第六条。", 3),
}  # fmt: skip
"""By department: list, its name, the grounds, and for how many years."""
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


def serious_list(stream: Stream) -> Iterator[Made]:
    """Listings with their notice, grounds and end."""
    key, title, grounds, years = SERIOUS[stream.department.short_name]
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
