"""Business items at which a check is made, and the sources an answer rests on: rulebook data.

`checks/items/*.yaml` say which measures belong to an item; `checks/sources/*.yaml` say from whom lists arrive and how
often.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import Section
from xinheng.rulebook.rules import read_citation

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,39}")


@dataclass(frozen=True)
class BusinessItem:
    """One item of business. `departments` are the credit codes that may handle it; none named means any."""

    code: str
    title: str
    departments: tuple[str, ...]
    measures: tuple[str, ...]
    citation: str
    verified: bool
    pack: str


@dataclass(frozen=True)
class Source:
    """From whom one kind of list arrives. Older than `within_days`, it is no longer up to date."""

    key: str
    title: str
    type: str
    department: str
    within_days: int


@cache
def business_items(pack: str) -> Mapping[str, BusinessItem]:
    """The items of a pack by their codes. A county's own list replaces the general one as a whole.

    Two lists side by side would offer the same business twice, with measures under one of them only.
    """
    found: dict[str, BusinessItem] = {}
    files = tuple(load_pack(pack).files("checks/items"))
    for file in (one for one in files if one.pack == files[-1].pack):
        section = file.section
        for inner in section.sections("items"):
            one = _read_item(inner, file.pack)
            inner.done()
            if one.code in found:
                raise inner.refuse("code", f"事项代码“{one.code}”重复。")
            found[one.code] = one
        section.text("description")
        section.done()
    return MappingProxyType(dict(sorted(found.items())))


@cache
def sources(pack: str) -> tuple[Source, ...]:
    """The sources of a pack in the order of the files; an inner layer adds its own."""
    found: dict[str, Source] = {}
    for file in load_pack(pack).files("checks/sources"):
        section = file.section
        section.text("description")
        read_citation(section)
        for inner in section.sections("sources"):
            one = Source(
                key=inner.text("key"),
                title=inner.text("title"),
                type=inner.text("type"),
                department=inner.text("department"),
                within_days=inner.whole("within_days"),
            )
            inner.done()
            if one.within_days < 1:
                raise inner.refuse("within_days", "更新周期至少为 1 天。")
            found[one.key] = one
        section.done()
    return tuple(found.values())


def _read_item(section: Section, pack: str) -> BusinessItem:
    citation, verified, _ = read_citation(section)
    one = BusinessItem(
        code=section.text("code"),
        title=section.text("title"),
        departments=section.texts("departments"),
        measures=section.texts("measures"),
        citation=citation,
        verified=verified,
        pack=pack,
    )
    if not _KEY.fullmatch(one.code):
        raise section.refuse("code", "事项代码只用字母、数字、点和短横线，2 至 40 个字符。")
    return one
