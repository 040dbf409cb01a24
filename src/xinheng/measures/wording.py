"""What pages, workbooks and programs call the classes, kinds and ends of measures and lists."""

from types import MappingProxyType

from xinheng.measures.rules import LIST_KINDS, MEASURE_CLASSES, ListKind, ListRule, MeasureClass

CLASS_WORDS: MappingProxyType[MeasureClass, str] = MappingProxyType(
    {
        "I": "第一类　减损权利或者增加义务的措施",
        "II": "第二类　相关管理措施",
        "III": "第三类　由其他组织自主实施的措施",
        "graduated": "分级监管措施　只调整抽查频次和便利，不是惩戒",
        "incentive": "守信激励措施",
    }
)
CLASS_SHORT: MappingProxyType[MeasureClass, str] = MappingProxyType(
    {"I": "第一类", "II": "第二类", "III": "第三类", "graduated": "分级监管", "incentive": "激励"}
)
KIND_WORDS: MappingProxyType[ListKind, str] = MappingProxyType(
    {
        "serious": "严重失信主体名单",
        "adverse": "异常名录和状态",
        "honour": "守信激励名单",
        "attention": "内部工作标签",
    }
)
OBJECT_WORDS = MappingProxyType({"organisation": "单位", "person": "自然人（只供查阅）"})
LEVEL_WORDS = MappingProxyType({"national": "全国", "local": "地方"})
CLASSES_IN_ORDER: tuple[MeasureClass, ...] = MEASURE_CLASSES
KINDS_IN_ORDER: tuple[ListKind, ...] = LIST_KINDS


def state_of_list(rule: ListRule) -> str:
    """Whether the list is received here, in words."""
    if not rule.public:
        return "内部标签，不公示"
    if not rule.verified:
        return "规则待核实"
    return "按此接收" if rule.record_type else "只登记规则"
