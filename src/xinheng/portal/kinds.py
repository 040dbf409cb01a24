"""The kinds of information the portal lists, in the order and groups of its menu."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from xinheng.base.errors import NotFound
from xinheng.catalogue.contracts import load_contracts

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("双公示", ("licence", "penalty")),
    (
        "其他行政行为",
        (
            "compulsion",
            "confirmation",
            "collection",
            "payment",
            "ruling",
            "compensation",
            "award",
            "inspection",
        ),
    ),
    ("名单和异常名录", ("serious_list", "abnormal_entry")),
    ("守信激励", ("honour_entry",)),
    ("单位自主申报", ("declaration",)),
    ("信用承诺", ("commitment", "fulfilment")),
)
MENU_TITLES = {"abnormal_entry": "异常名录"}
"""Where the official title is too long for a menu."""
SAME_LIST = {"penalty_gen1": "penalty", "licence_gen1": "licence"}
"""Older tables are shown in the list of the act they report."""
REPAIRABLE = frozenset({"penalty", "penalty_gen1", "serious_list", "abnormal_entry"})
"""Where the page offers 申请修复 (信用修复管理办法, art. 4); 提出异议 is offered everywhere."""


@dataclass(frozen=True)
class Kind:
    """One list of the portal."""

    key: str
    title: str
    group: str


@cache
def kinds() -> tuple[Kind, ...]:
    """All lists whose contract is published under the pack in use, in menu order."""
    contracts = load_contracts(settings.PACK)
    return tuple(
        Kind(key, MENU_TITLES.get(key) or contracts[key].act or contracts[key].title.removesuffix("信息"), group)
        for group, keys in GROUPS
        for key in keys
        if key in contracts and contracts[key].publication_rule
    )


def kind(key: str) -> Kind:
    """The list of that key; NotFound in words when nothing of that kind is published here."""
    for candidate in kinds():
        if candidate.key == key:
            return candidate
    raise NotFound("没有这一类公示信息。", "请从“信用公示”页选择一类。")


def title_of(record_type: str) -> str:
    """What a record of this type is called on a page."""
    return kind(SAME_LIST.get(record_type, record_type)).title
